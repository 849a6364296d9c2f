/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What a correlation did not see or keep.  LOSS(id, English, Japanese): for a
 * finding of the system's own.
 */
LOSS(LATE, "an event came later than the allowance for lateness",
    "遅れの許容を超えて届いたイベントがあります")
LOSS(FORCED, "too many events waited for late ones: the oldest were let go",
    "遅れを待つイベントが多すぎるため、古いものから先に判定しました")
LOSS(GROUP, "too many groups: the one not seen for longest was forgotten",
    "組が多すぎるため、最も長く現れなかった組を忘れました")
LOSS(EVENT, "too many events in one group: its oldest was forgotten",
    "一つの組のイベントが多すぎるため、最も古いものを忘れました")
LOSS(VALUE, "a value is missing or is not a number",
    "値がないか、数ではありません")
LOSS(RESULT, "one event gave too many results of correlations",
    "一つのイベントによる相関の結果が多すぎます")
