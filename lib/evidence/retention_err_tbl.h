/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* RETENTION_ERR(identifier, English, Japanese): why it is not done. */
RETENTION_ERR(OK, "fine", "正常")
RETENTION_ERR(BAD_WORDS, "the request is not as it must be",
    "要求の形式が正しくありません")
RETENTION_ERR(ID_USED, "this id was used before: choose another",
    "このidは使用済みです。別のidにしてください")
RETENTION_ERR(NO_HOLD, "there is no hold in force with this id",
    "このidの保全はありません")
RETENTION_ERR(ASKED, "it was asked for already and waits for its approval",
    "すでに申請済みで、承認待ちです")
RETENTION_ERR(NO_REQUEST, "no request with this id waits for an approval",
    "このidの承認待ちの申請はありません")
RETENTION_ERR(EXPIRED, "the request is older than 14 days: ask again",
    "申請から14日を過ぎています。申請し直してください")
RETENTION_ERR(SAME_PERSON, "who asked cannot approve: that takes another person",
    "申請した本人は承認できません。別の人が承認してください")
RETENTION_ERR(NOBODY, "root and the collector's own account are not persons: "
    "use your own account, or set up approvers",
    "rootとコレクターの利用者は個人ではありません。自分の利用者で実行するか、承認者の鍵を設定してください")
RETENTION_ERR(NO_APPROVER, "this name is not one of retention.approvers",
    "retention.approversにない名前です")
RETENTION_ERR(NO_SIGNATURE, "it needs the approver's signature",
    "承認者の署名が必要です")
RETENTION_ERR(BAD_SIGNATURE, "the signature is not that of the approver",
    "承認者の署名ではありません")
RETENTION_ERR(BAD_CLOCK, "its time is not now: the clocks differ by more than "
    "10 minutes",
    "時刻が10分以上ずれています")
RETENTION_ERR(FOREVER, "this log is kept forever: no period is configured",
    "このログは無期限に保存します（期間の設定がありません）")
RETENTION_ERR(TOO_MANY, "too many segments for one request",
    "一度に申請できるセグメントの数を超えています")
RETENTION_ERR(NOT_CLOSED, "the segment is not closed, or not there",
    "セグメントが閉じられていないか、ありません")
RETENTION_ERR(GONE, "the segment was deleted already",
    "セグメントは削除済みです")
RETENTION_ERR(HELD, "the segment is on hold", "セグメントは保全中です")
RETENTION_ERR(NOT_PAST, "the segment is not past its period",
    "セグメントは保存期間内です")
RETENTION_ERR(DAMAGED, "the segment's file is not what its manifest says: "
    "it stays, as evidence of that",
    "セグメントのファイルがマニフェストと一致しません。その証拠として残します")
RETENTION_ERR(NO_LOG, "this log has no generation that is over and has this "
    "origin",
    "このログの終了した世代にこのoriginのものはありません")
RETENTION_ERR(REMOVED, "this log was removed already", "このログは削除済みです")
RETENTION_ERR(LOG_HELD, "this log is on hold", "このログは保全中です")
RETENTION_ERR(LOG_NOT_PAST, "not all of this log is past its period",
    "このログには保存期間内の記録があります")
RETENTION_ERR(LOG_DAMAGED, "this log is not whole, or not as its manifests "
    "say: it stays, as evidence of that",
    "このログは完全でないか、マニフェストと一致しません。その証拠として残します")
RETENTION_ERR(BUSY, "another deletion is under way", "別の削除を実行中です")
RETENTION_ERR(SYSTEM, "the operating system refused",
    "OSの呼び出しに失敗しました")
