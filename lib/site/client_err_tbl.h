/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CLIENT_ERR(identifier, English, Japanese) */
CLIENT_ERR(OK, "fine", "正常")
CLIENT_ERR(ABSENT, "the collector is not running: start konseki-collector",
    "コレクターが動いていません。konseki-collectorを起動してください")
CLIENT_ERR(DENIED, "you may not use the collector's socket: join its group",
    "コレクターのソケットを使う権限がありません。グループに加えてもらってください")
CLIENT_ERR(SYSTEM, "the operating system refused", "OSの呼び出しに失敗しました")
CLIENT_ERR(GONE, "the collector hung up before it had answered; what was not "
    "sealed must be sent again",
    "コレクターが応答前に接続を切りました。封印されていない分は送り直してください")
CLIENT_ERR(REFUSED, "the collector refused", "コレクターが拒否しました")
CLIENT_ERR(PROTOCOL, "the collector's answer makes no sense: are both of one "
    "version?",
    "コレクターの応答を解釈できません。双方の版が同じか確認してください")
CLIENT_ERR(TOO_BIG, "the record is longer than the format allows",
    "記録が形式の上限を超えています")
CLIENT_ERR(BAD_ARGUMENT, "not a value that a log takes",
    "ログに記録できない値です")
