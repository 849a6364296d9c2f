/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* NOTE_ERR(identifier, English, Japanese) */
NOTE_ERR(OK, "fine", "正常")
NOTE_ERR(TOO_BIG, "the note is longer than 65,536 bytes or 64 lines",
    "ノートが65,536バイトまたは64行を超えています")
NOTE_ERR(BAD_TEXT, "the text of the note is not UTF-8 without control bytes, "
    "or no empty line follows it",
    "ノート本文が制御文字のないUTF-8でないか、本文の後の空行がありません")
NOTE_ERR(BAD_LINE, "a signature line is not as the signed note format says",
    "署名行が署名付きノートの形式どおりではありません")
NOTE_ERR(BAD_CHECKPOINT,
    "the text is not the three lines of a checkpoint: origin, size, root",
    "本文がチェックポイントの3行(origin、サイズ、ルート)ではありません")
NOTE_ERR(BAD_ORDER, "the signature lines are not one of the log key and then "
    "one of an epoch key",
    "署名行がログ鍵、期間鍵の順に1行ずつではありません")
NOTE_ERR(WRONG_KEY, "a signature line names another key",
    "署名行の鍵が異なります")
NOTE_ERR(BAD_SIGNATURE, "the signature does not verify",
    "署名を検証できません")
