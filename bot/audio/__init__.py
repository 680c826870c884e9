"""The sound libraries, each wrapped in one module: files (soundfile), mixing (pydub), speech (eSpeak NG)."""
