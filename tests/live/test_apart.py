import os
import signal
import threading
import time
from functools import partial

import pytest

from bot.live.apart import Step, WorkLost, run_in_process


class Refused(Exception):
    """What the work raises."""


def double(number: int, step: Step) -> int:
    step()
    return 2 * number


def refuse(step: Step) -> None:
    raise Refused("not today")


def die(step: Step) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def last(seconds: float, step: Step) -> None:
    time.sleep(seconds)


def test_the_result_comes_back_from_another_process():
    assert run_in_process(partial(double, 21), threading.Event()) == 42


def test_what_the_work_raises_is_raised_here():
    with pytest.raises(Refused, match="not today"):
        run_in_process(refuse, threading.Event())


def test_a_process_that_dies_is_told():
    with pytest.raises(WorkLost, match="ended with code -9"):
        run_in_process(die, threading.Event())


def test_work_that_no_one_waits_for_is_ended():
    cancelled = threading.Event()
    cancelled.set()
    began = time.monotonic()
    with pytest.raises(WorkLost):
        run_in_process(partial(last, 60), cancelled)
    assert time.monotonic() - began < 30
