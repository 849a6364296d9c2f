/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * GAP(identifier, kind= of the g1 record, who may say it, English, Japanese):
 * what happened to what should have been recorded, or to the record of it.
 * What is the WRITER's to say the receiver, which is not believed, cannot.
 */
GAP(KERNEL_DROP, "kernel-drop", RECEIVER, "datagrams not read in time (lost)", "受信が間に合わず失われた記録")
GAP(TRUNCATED, "truncated", RECEIVER, "datagrams cut, too long (the rest lost)", "長すぎて切り詰めたデータグラム（残りは失われた）")
GAP(RESYNC, "resync", RECEIVER, "bytes outside any frame (kept)", "区切りに合わないデータ（記録は保持）")
GAP(CONNECTION_LIMIT, "connection-limit", RECEIVER, "connections turned away", "接続数の上限による拒否")
GAP(ACCEPT_DEFERRED, "accept-deferred", RECEIVER, "connections kept waiting", "接続の受け付け待ち")
GAP(TLS_HANDSHAKE, "tls-handshake", RECEIVER, "TLS not agreed upon", "TLS接続の不成立")
GAP(READING_PAUSED, "reading-paused", RECEIVER, "reading paused (nothing lost)", "読み出しの一時停止（欠落なし）")
GAP(RELP_ERROR, "relp-error", RECEIVER, "what RELP does not have (kept, not acknowledged)", "RELPの規則に反する受信（記録は保持、受領は通知せず）")
GAP(QUEUE_DROP, "queue-drop", RECEIVER, "records that could not be written (lost)", "書き込めず失われた記録")
GAP(REFUSED_SOURCE, "refused-source", RECEIVER, "sender not on the list (refused)", "許可されていない送信元の拒否")
GAP(RATE_LIMIT, "rate-limit", RECEIVER, "more than a sender may send (lost)", "送信元の上限を超えて失われた記録")
GAP(RECEIVE_QUEUE, "receive-queue", RECEIVER, "kernel's queue more than half full (nothing lost)", "受信キューが半分以上埋まった状態（欠落なし）")
GAP(REASSEMBLY, "reassembly", RECEIVER, "fragments that never became whole (whole machine)", "断片のまま組み立てられなかったパケット（本機全体）")
GAP(UDP_ERROR, "udp-error", RECEIVER, "datagrams the kernel could not deliver (whole machine)", "カーネルが渡せなかったUDPデータグラム（本機全体）")
GAP(UNREAD, "unread", RECEIVER, "bytes received and not read when the collector stopped (lost)", "停止時に読み出せず失われたデータ")
GAP(LISTENER_CLOSED, "listener-closed", RECEIVER, "a listener that could not be opened, for its certificate or the like could not be used", "証明書などを使えず開けなかった受信口")
GAP(RECEIVER_LOST, "receiver-lost", WRITER, "receiving process ended", "受信プロセスの異常終了")
GAP(RECEIVER_BROKEN, "receiver-broken", WRITER, "receiving process not trusted any more (what it held is lost)", "信頼できない受信プロセスの停止（未処理分は失われた）")
GAP(WRITER_LOST, "writer-lost", WRITER, "writing process ended", "書き込みプロセスの異常終了")
GAP(DISK_FULL, "disk-full", WRITER, "disk full", "ディスクの空き不足")
GAP(DISK_LOW, "disk-low", WRITER, "little room left on the disk (nothing lost)", "ディスクの空きの減少（欠落なし）")
GAP(WRITE_ERROR, "write-error", WRITER, "disk error", "ディスクの書き込みエラー")
GAP(WATCH_LOST, "watch-lost", WRITER, "a followed file is gone or cannot be read, what was added to it since may be lost", "追跡中のファイルの消失または読み取り不能（その後の追記は失われた可能性）")
GAP(TORN_TAIL, "torn-tail", WRITER, "unfinished end of the log put aside", "ログ末尾の不完全な部分を隔離")
GAP(LOG_BREAK, "log-break", WRITER, "the log before did not match its signature", "前のログが署名済みの内容と不一致")
GAP(DOWN, "down", WRITER, "the collector was not running", "収集の停止期間")
GAP(CLOCK_STATE, "clock-state", WRITER, "the collector's clock began or ceased to be synchronised", "収集装置の時計の同期状態の変化")
GAP(CLOCK_STEP, "clock-step", WRITER, "the collector's clock was set", "収集装置の時計の変更")
GAP(LATE, "late", WRITER, "records that waited to be written (kept)", "書き込みが遅れた記録（保持）")
GAP(READBACK, "readback", WRITER, "closed part of the log not on the disk as it was written", "保存済みログが書き込み時の内容と不一致")
