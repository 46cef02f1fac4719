"""Executes a notebook from its own folder and writes it with its outputs: run_notebook.py NOTEBOOK BANK [WRITTEN]."""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

notebook, bank, *written = map(Path, sys.argv[1:])
os.environ["CONCORD_BANK"] = str(bank.resolve())
sheet = nbformat.read(notebook, as_version=4)
NotebookClient(sheet, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(notebook.resolve().parent)}}).execute()
cells = [cell for cell in sheet.cells if cell.cell_type == "code"]
for cell in cells:
    cell.metadata.pop("execution", None)
    for output in cell.outputs:
        # Warnings name files of the machine, and none is expected.
        assert not (output.output_type == "stream" and output.name == "stderr"), output.text
sheet.metadata.language_info = {"name": "python"}
for path in written:
    nbformat.write(sheet, path)
print(sum(bool(cell.outputs) for cell in cells), "of", len(cells), "cells have outputs")
