/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * CHANGE_RESTART(key, why): what a reload refuses to change, with all below
 * it.  docs/site.md has the same list (a test compares them).
 */
CHANGE_RESTART("logs", "open, with the keys of their signer, for as long as the writer lives")
CHANGE_RESTART("keys", "only the signer may read them, and only at its start")
CHANGE_RESTART("run", "the lock and the sockets of what runs lie there")
CHANGE_RESTART("cache", "open in the processes that use it")
CHANGE_RESTART("user", "given up for good when the processes began")
CHANGE_RESTART("group", "likewise")
CHANGE_RESTART("writer", "the ring and the reserve are made at the start")
CHANGE_RESTART("retention", "who may approve is asked for while deletions are under way")
CHANGE_RESTART("site.zone", "periods of retention are counted in it")
