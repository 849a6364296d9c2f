/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * GAP(identifier, kind= of the g1 record, English, Japanese): every way in which
 * something was lost, cut, refused or held up before or while it was recorded.
 */
GAP(KERNEL_DROP, "kernel-drop",
    "datagrams the kernel dropped because nobody read them in time",
    "読み出しが間に合わず、カーネルが破棄したデータグラム")
GAP(RESYNC, "resync",
    "bytes of a counted stream that no count announced; kept as records",
    "オクテットカウントに合わないバイト列（記録には残る）")
GAP(CONNECTION_LIMIT, "connection-limit",
    "connections turned away because the listener had enough",
    "接続数の上限により拒否した接続")
GAP(ACCEPT_DEFERRED, "accept-deferred",
    "connections left waiting because descriptors had run out",
    "ファイル記述子の不足により受け付けを待たせた接続")
GAP(TLS_HANDSHAKE, "tls-handshake",
    "connections that ended before TLS was agreed upon",
    "TLSの確立前に終わった接続")
GAP(READING_PAUSED, "reading-paused",
    "times reading stopped because the writer was behind",
    "書き込みの遅れにより読み出しを止めた区間")
GAP(TORN_TAIL, "torn-tail",
    "an unfinished block at the end of the log, put into quarantine",
    "ログ末尾の不完全なブロック（隔離済み）")
GAP(RECEIVER_LOST, "receiver-lost",
    "the receiving process ended; what it held unpublished is lost",
    "受信プロセスの異常終了（未引き渡しの受信分は失われた）")
GAP(QUEUE_DROP, "queue-drop",
    "records that could not be written",
    "書き込めずに失われた記録")
GAP(LOG_BREAK, "log-break",
    "the log before is not what was signed; this one follows it",
    "前のログが署名済みの内容と一致しないため、このログが引き継いだ")
GAP(WRITER_LOST, "writer-lost",
    "records that were lost with the writing process, at most",
    "書き込みプロセスの異常終了で失われた記録（最大）")
