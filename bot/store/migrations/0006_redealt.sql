-- One word for dealing a scene again: the step, the command and the event are all called redeal.
UPDATE events SET kind = 'scene_redealt' WHERE kind = 'scene_dealt_anew';
