/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * CONN_END(identifier, why= of the stream's end record, English, Japanese):
 * every way in which a stream of records ends.
 */
CONN_END(PEER_CLOSED, "peer-closed", "the sender closed the connection",
    "送信元が接続を閉じた")
CONN_END(PEER_RESET, "peer-reset",
    "the sender broke the connection off; what was under way is lost",
    "送信元が接続を切断した（送信途中の分は失われた）")
CONN_END(PEER_VANISHED, "peer-vanished",
    "the sender no longer answers", "送信元の応答がなくなった")
CONN_END(READ_ERROR, "read-error", "reading failed", "読み出しに失敗した")
CONN_END(TLS_CUT, "tls-cut",
    "the connection ended without TLS's own end; it may have been cut",
    "TLSの終了通知なしに接続が終わった（途中で切られた可能性がある）")
CONN_END(TLS_ERROR, "tls-error", "TLS failed", "TLSの処理に失敗した")
CONN_END(TLS_REFUSED, "tls-refused",
    "TLS could not be agreed upon", "TLSを確立できなかった")
CONN_END(TLS_TIMEOUT, "tls-timeout",
    "TLS was not agreed upon in time", "時間内にTLSを確立できなかった")
CONN_END(TLS_ON_PLAIN, "tls-on-plain",
    "the sender speaks TLS to a port without it",
    "TLSではないポートにTLSで接続した")
CONN_END(PLAIN_ON_TLS, "plain-on-tls",
    "the sender speaks no TLS to a TLS port",
    "TLSのポートにTLSなしで接続した")
CONN_END(RELP_ERROR, "relp-error",
    "the sender broke the rules of RELP", "RELPの規則に反する送信があった")
CONN_END(RELP_TIMEOUT, "relp-timeout",
    "the sender ended and could not be answered in time",
    "送信元が終了し、時間内に受領を通知できなかった")
CONN_END(WRITER_LOST, "writer-restart",
    "the writing process ended; the sender repeats what was not acknowledged",
    "書き込みプロセスが終わった（受領を通知していない分は再送される）")
CONN_END(STOP, "collector-stop", "the collector stopped", "収集を停止した")
CONN_END(LISTENER_REMOVED, "listener-removed",
    "the configuration no longer has this listener",
    "設定から受信口がなくなった")
CONN_END(RECYCLED, "recycled",
    "there are too many senders; this one was silent longest",
    "送信元が多すぎるため、最も長く沈黙した分を閉じた")
CONN_END(NO_MEMORY, "no-memory", "memory ran out", "メモリーが不足した")
CONN_END(RECEIVER_LOST, "receiver-restart",
    "the receiving process ended", "受信プロセスが終わった")
