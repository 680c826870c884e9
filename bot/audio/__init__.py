"""The sound libraries, each wrapped in one module: files (soundfile), mixes (pydub), speech (eSpeak NG)."""
