/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * RETENTION_ACTION(identifier, name, words): what persons do about retention,
 * as the value of action=; with an origin about a log that is over, whole.  words: the letters of the words that follow it, in
 * their order (retention_act.c).  APPROVE is said to the writer only; what it
 * writes then is RELEASE or DELETE.
 */
RETENTION_ACTION(HOLD, "hold", "iflb@")
RETENTION_ACTION(ASK_RELEASE, "release-request", "ib@s")
RETENTION_ACTION(RELEASE, "release", "ina@s")
RETENTION_ACTION(ASK_DELETE, "delete-request", "iftb@s")
RETENTION_ACTION(DELETE, "delete", "ina@s")
RETENTION_ACTION(HOLD_LOG, "hold-log", "iob@")
RETENTION_ACTION(ASK_REMOVE, "remove-request", "iob@s")
RETENTION_ACTION(REMOVE, "remove", "iozba@s")
RETENTION_ACTION(APPROVE, "approve", "in@s")
