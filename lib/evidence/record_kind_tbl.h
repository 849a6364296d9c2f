/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* RECORD_KIND(identifier, letters, meaning): FORMAT.md, 4. */
RECORD_KIND(RECEIVED, "e1", "a received record")
RECORD_KIND(SEGMENT, "m1", "start of a segment, names the manifest before")
RECORD_KIND(BOOT, "b1", "start of the writer")
RECORD_KIND(EPOCH, "k1", "start of a key epoch")
RECORD_KIND(SEAL, "s1", "seal or heartbeat")
RECORD_KIND(STREAM, "d1", "definition or end of a stream")
RECORD_KIND(GAP, "g1", "gap or loss")
RECORD_KIND(CONFIG, "c1", "configuration")
RECORD_KIND(OPERATOR, "o1", "operator action")
RECORD_KIND(DELETION, "x1", "deletion at the end of retention")
RECORD_KIND(TOKEN, "t1", "time-stamp token")
RECORD_KIND(COSIGNATURE, "w1", "cosignature of a witness")
