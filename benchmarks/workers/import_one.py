"""MODULE NAME: import NAME from MODULE; print the seconds, modules and kilobytes that it took."""

import re
import sys
import time


def resident():
    """Kilobytes of memory of this process; 0 where the system does not say."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmRSS:\s*(\d+)", status.read())[1])
    except OSError:
        return 0


module, name = sys.argv[1:]
statement = compile(f"from {module} import {name}", "<benchmark>", "exec")
modules, memory = len(sys.modules), resident()
start = time.process_time()
exec(statement)
seconds = time.process_time() - start
modules, memory = len(sys.modules) - modules, resident() - memory
print(f'{{"seconds": {seconds}, "modules": {modules}, "kilobytes": {memory}}}')
