"""Write the golden file of each event that has none yet: python -m tests.contracts.golden

A file that is there is never written again: it stands for bytes that a store somewhere holds.
"""

from tests.contracts.golden import write_missing

if __name__ == "__main__":
    for path in write_missing():
        print(path.name)
