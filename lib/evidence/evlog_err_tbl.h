/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* EVLOG_ERR(identifier, English, Japanese) */
EVLOG_ERR(OK, "fine", "正常")
EVLOG_ERR(EXISTS, "a log or its keys exist already; nothing was changed",
    "ログまたは鍵がすでにあります。何も変更していません")
EVLOG_ERR(ABSENT, "there is no log here", "ここにログはありません")
EVLOG_ERR(LOCKED, "another writer has this log",
    "別の書き込みプロセスがこのログを使用中です")
EVLOG_ERR(SYSTEM, "the operating system refused", "OSの呼び出しに失敗しました")
EVLOG_ERR(FULL, "the disk is full", "ディスクの空きがありません")
EVLOG_ERR(BAD_LOG, "the log is not as its format says",
    "ログの内容が形式どおりではありません")
EVLOG_ERR(BREAK, "the log is shorter than or differs from what was signed",
    "ログが署名済みの内容より短い、または一致しません")
EVLOG_ERR(SIGNER, "the signer refused or is not there",
    "署名プロセスが拒否したか、応答しません")
EVLOG_ERR(EXHAUSTED, "all key epochs are used: make a successor log",
    "鍵の期間をすべて使い切りました。後継ログを作成してください")
EVLOG_ERR(BUSY, "the queue to the disk is full", "書き込み待ちの列が満杯です")
EVLOG_ERR(TOO_BIG, "the record is longer than the format allows",
    "記録が形式の上限を超えています")
EVLOG_ERR(BAD_ARGUMENT, "not a value the format allows",
    "形式で認められない値です")
