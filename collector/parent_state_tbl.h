/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * PARENT_STATE(identifier, child that is waited for, seconds until it is
 * killed (0: never), state after it is gone).
 */
PARENT_STATE(ASK, ASKER, 10, RECOVER)
PARENT_STATE(RECOVER, COUNT, 0, RECOVER)	/* until the writer is ready */
PARENT_STATE(OPEN, COUNT, 0, OPEN)		/* until the receiver is */
PARENT_STATE(RUN, COUNT, 0, RUN)
PARENT_STATE(STOP_RECEIVER, RECEIVER, 20, STOP_TAILER)
PARENT_STATE(STOP_TAILER, TAILER, 10, STOP_WRITER)
PARENT_STATE(STOP_WRITER, WRITER, 300, STOP_SIGNER)
PARENT_STATE(STOP_SIGNER, SIGNER, 10, STOP_ANCHOR)
PARENT_STATE(STOP_ANCHOR, ANCHOR, 30, DONE)
PARENT_STATE(DONE, COUNT, 0, DONE)
