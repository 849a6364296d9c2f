/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CHILD(identifier, name): the processes under the parent. */
CHILD(SIGNER, "signer")
CHILD(WRITER, "writer")
CHILD(RECEIVER, "receiver")
CHILD(TAILER, "tailer")
CHILD(ANCHOR, "anchor")
CHILD(MONITOR, "monitor")
CHILD(FORWARDER, "forwarder") /* only where something is forwarded */
CHILD(ASKER, "asker") /* before anything is signed */
CHILD(SUCCESSOR, "successor") /* while a log is followed by another */
