/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* ROW(what is wrong, name, verdict, file, sentence): one rule each. */
ROW(NOTHING, "a sound log", INTACT, "", "")
ROW(SEAL_PREVIOUS, "a seal that names another checkpoint", TAMPERED, "segments",
    "names another checkpoint")
ROW(SEAL_UNSIGNED, "a seal that was never signed is fine", INTACT, "", "")
ROW(SEAL_WALL_BACK, "a wall clock that goes back", TAMPERED, "segments",
    "wall clock goes back")
ROW(SEAL_WALL_BACK_STEP, "with a record of it", INTACT, "", "")
ROW(SEAL_WALL_BACK_BOOT, "with a start of the writer", INTACT, "", "")
ROW(SEAL_MONO_BACK, "a boot clock that goes back", TAMPERED, "segments",
    "boot clock goes back")
ROW(SEAL_EPOCH, "a seal of an epoch that did not begin", TAMPERED, "segments",
    "did not begin")
ROW(RECORD_4_EARLY, "a record 4 s before the seal before", INTACT, "", "")
ROW(RECORD_6_EARLY, "a record 6 s before it", TAMPERED, "segments",
    "before the seal before")
ROW(RECORD_6_EARLY_FULL, "after a full disk", TAMPERED, "segments",
    "before the seal before")
ROW(RECORD_6_EARLY_SAID, "or where a record says so", INTACT, "", "")
ROW(RECORD_6_EARLY_LESS, "but not of times before those it says", TAMPERED,
    "segments", "before the seal before")
ROW(RECORD_LATE, "a record behind the next seal", TAMPERED, "segments",
    "behind the seal behind")
ROW(STREAM_SKIP, "a stream that skips a number", TAMPERED, "segments",
    "where 2 must follow")
ROW(STREAM_AGAIN, "a stream that begins anew", TAMPERED, "segments",
    "where 2 must follow")
ROW(STREAM_BOOT, "after a start of the writer", INTACT, "", "")
ROW(FINAL_MISSING, "an epoch without final seal", TAMPERED, "segments",
    "no final seal")
ROW(FINAL_TWICE, "an epoch with two", TAMPERED, "segments",
    "after its final seal")
ROW(FINAL_TWICE_UNSIGNED, "the first of which was not signed", INTACT, "", "")
ROW(FINAL_NOT_KEPT, "a final checkpoint that is not kept", TAMPERED,
    "checkpoints", "is missing")
ROW(EPOCH_FOREIGN, "a key that is not one of R's", TAMPERED, "segments",
    "does not lead to the pinned root")
ROW(EPOCH_BACK, "an epoch that comes again", TAMPERED, "segments",
    "begins after epoch 0")
ROW(EPOCH_AGAIN, "an epoch that goes on after a crash", INTACT, "", "")
ROW(EPOCH_NO_LINE, "an epoch without its line", TAMPERED, "epochs",
    "is missing")
ROW(LINK_PREVIOUS, "an m1 that names another manifest", TAMPERED, "segments",
    "does not name the manifest")
ROW(LINK_TWICE, "a second m1", TAMPERED, "segments", "not the first")
ROW(SEGMENT_NUMBER, "a segment with another number", TAMPERED, "segments",
    "segment 2 stands where 1")
ROW(SEGMENT_FIRST, "a segment with another first index", TAMPERED, "segments",
    "not that of its file name")
ROW(MANIFEST_NONE, "a closed segment without manifest", TAMPERED, "manifests",
    "manifest of segment 0 is missing")
ROW(KEPT_WRONG, "a kept checkpoint with another root", TAMPERED, "segments",
    "do not give the root of checkpoints/000000000009: record 8 was changed")
ROW(NEWEST_NO_SEAL, "a checkpoint that follows no seal", TAMPERED, "checkpoint",
    "no seal stands before")
ROW(NEWEST_ROOT, "a checkpoint with another root", TAMPERED, "segments",
    "the root of checkpoint: one of the records 13 to 15 was changed")
ROW(COSIGNED, "a cosignature that a w1 names", INTACT, "", "")
ROW(COSIGNED_OTHER, "one that is not there", TAMPERED, "checkpoints/000000000009",
    "is not there")
ROW(TOKEN_NONE, "a token that is not there", TAMPERED, "tokens/000000000009-",
    "missing")
ROW(NEWEST_EPOCH, "a checkpoint by a past epoch's key", TAMPERED, "checkpoint",
    "signed for epoch 0 where epoch 1")
