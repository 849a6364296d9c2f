/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CELL(identifier, name): the processes that cell.c has a row for.  A child of
 * child_tbl.h goes by its name, and does not start without one. */
CELL(PARENT, "parent")
CELL(PARSER, "parser")	/* of konseki.yml, before anything is taken from it */
CELL(LOADER, "loader")	/* of certificates and keys, for who may not */
CELL(SIGNER, "signer")
CELL(WRITER, "writer")
CELL(RECEIVER, "receiver")
CELL(TAILER, "tailer")
CELL(ANCHOR, "anchor")
CELL(MONITOR, "monitor")
CELL(FORWARDER, "forwarder")
CELL(ASKER, "asker")
CELL(SUCCESSOR, "successor")
