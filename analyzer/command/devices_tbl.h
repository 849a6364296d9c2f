/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* COL(identifier, key of --json, English, Japanese): of `konseki devices`. */
COL(STATE, "state", "state", "状態")
COL(PEER, "peer", "sender", "送信元")
COL(NAME, "name", "name", "名前")
COL(LISTENER, "listener", "listener", "受信口")
COL(LOG, "log", "log", "ログ")
COL(TRANSPORT, "transport", "via", "方式")
COL(FRAMING, "framing", "framing", "区切り")
COL(WHY, "why", "refused for", "拒否の理由")
COL(MINUTE, "last_minute", "last minute", "直近1分")
COL(DAY, "last_day", "24 hours", "24時間")
COL(RECORDS, "records", "records", "記録数")
COL(BYTES, "bytes", "bytes", "バイト")
COL(FIRST, "first", "first", "最初の受信")
COL(LAST, "last", "last", "最後の受信")
COL(SILENT, "silent_s", "silent for", "途絶時間")
COL(USUAL, "usual_s", "longest silence", "最長の間隔")
