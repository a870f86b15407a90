#!/bin/sh
# Prints the first Python from 3.11 up that can make virtual environments, or says in one sentence what is missing.
# PYTHON, where set, is the only one tried.
fits='import sys; sys.exit(sys.version_info < (3, 11))'
found=

for name in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
    "$name" -c "$fits" 2>/dev/null || continue
    found=$name
    "$name" -c 'import ensurepip, venv' 2>/dev/null || continue
    "$name" -c 'import sys; print(sys.executable)'
    exit 0
done

if [ -n "$found" ]; then
    echo "Muniment: $found cannot make virtual environments - install its venv module (on Debian: apt-get install python3-venv)." >&2
elif [ -n "$PYTHON" ]; then
    echo "Muniment: $PYTHON is not a Python from 3.11 up - name one with PYTHON=... or leave PYTHON unset." >&2
else
    echo "Muniment: no Python from 3.11 up is on the PATH - install one, or name it with make PYTHON=/path/to/python." >&2
fi
exit 1
