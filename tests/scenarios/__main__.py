"""`make scenarios`: print both tables and write them into docs/benchmarks.md."""
import asyncio, sys, tempfile
from pathlib import Path
from scenarios.library import SCENARIOS
from scenarios.play import opened
async def main():
    names = sys.argv[2:] or list(SCENARIOS)
    pace = float(sys.argv[1])
    for n in names:
        with tempfile.TemporaryDirectory() as d:
            import time; t=time.monotonic()
            async with opened(Path(d), pace) as play:
                v = await SCENARIOS[n].run(play)
            print(n, f"{time.monotonic()-t:.1f}s", v, flush=True)
asyncio.run(main())
