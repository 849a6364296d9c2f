/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* SUBMIT_ERR(identifier, name on the socket, English, Japanese) */
SUBMIT_ERR(OK, "ok", "fine", "正常")
SUBMIT_ERR(NO_LOG, "no-log", "there is no log of that name",
    "その名前のログはありません")
SUBMIT_ERR(BAD_MESSAGE, "bad-message", "the message is not well formed",
    "メッセージの形式が正しくありません")
SUBMIT_ERR(BAD_WORDS, "bad-words", "a word is not one that a client may send",
    "送れない項目が含まれています")
SUBMIT_ERR(NO_STREAM, "no-stream", "records came before a stream was opened",
    "ストリームを開く前に記録が送られました")
SUBMIT_ERR(TOO_BIG, "too-big", "the record is longer than the format allows",
    "記録が形式の上限を超えています")
SUBMIT_ERR(RETENTION, "retention", "not done", "実行しませんでした")
SUBMIT_ERR(FULL, "full", "too many clients are connected",
    "接続しているプログラムが多すぎます")
SUBMIT_ERR(NOT_ALLOWED, "not-allowed", "who is connected may not send this",
    "この接続からは送れないメッセージです")
SUBMIT_ERR(BAD_ANCHOR, "bad-anchor",
    "it is no cosignature or token over that checkpoint",
    "そのチェックポイントに対する連署またはトークンではありません")
SUBMIT_ERR(FAULT, "fault", "the log cannot be written or sealed now",
    "今はログの書き込みまたは封印ができません")
