/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * LOSS(kind= of a g1 record, English, Japanese): what happened to what should
 * have been recorded.  A kind without a row is shown by its name.
 */
LOSS("kernel-drop", "datagrams not read in time (lost)", "受信が間に合わず失われた記録")
LOSS("queue-drop", "records that could not be written (lost)", "書き込めず失われた記録")
LOSS("receiver-lost", "receiving process ended", "受信プロセスの異常終了")
LOSS("writer-lost", "writing process ended", "書き込みプロセスの異常終了")
LOSS("disk-full", "disk full", "ディスクの空き不足")
LOSS("write-error", "disk error", "ディスクの書き込みエラー")
LOSS("torn-tail", "unfinished end of the log put aside", "ログ末尾の不完全な部分を隔離")
LOSS("clock-step", "the collector's clock was set", "収集装置の時計の変更")
LOSS("connection-limit", "connections turned away", "接続数の上限による拒否")
LOSS("accept-deferred", "connections kept waiting", "接続の受け付け待ち")
LOSS("reading-paused", "reading paused (nothing lost)", "読み出しの一時停止（欠落なし）")
LOSS("tls-handshake", "TLS not agreed upon", "TLS接続の不成立")
LOSS("resync", "bytes outside any frame (kept)", "区切りに合わないデータ（記録は保持）")
LOSS("deleted", "deleted at the end of their retention", "保存期間満了により削除した記録")
LOSS("stopped", "collector was not running", "収集装置の停止")
