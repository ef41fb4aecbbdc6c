"""Executors for tests of what any executor can do."""

from concurrent.futures import Executor, Future


class Here(Executor):
    """Does each task at once, in this process."""

    def submit(self, task, /, *arguments):
        future = Future()
        try:
            future.set_result(task(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future
