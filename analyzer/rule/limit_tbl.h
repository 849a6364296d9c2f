/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What the analysis had no room or no time for.  LIMIT(identifier, name in
 * findings, ja, en): what was not looked at, or not to the end.
 */
LIMIT(LATE,      "late",      "順序の許容を超えて届き、数に入れられなかった記録", "records that came too late to be counted")
LIMIT(GROUPS,    "groups",    "数える対象が多すぎて忘れた組", "groups that were forgotten, as there were too many")
LIMIT(EVENTS,    "events",    "一つの対象で多すぎて忘れた記録", "records that were forgotten, as one group had too many")
LIMIT(RESULTS,   "results",   "多すぎて出さなかった相関の結果", "results of one record that were left out, as there were too many")
LIMIT(COMPLETED, "completed", "元の記録を忘れたため出せなかった結果", "results whose record was no longer at hand")
LIMIT(WINDOWS,   "windows",   "検知の対象が多すぎて残せなかった記録", "records that fitted a rule and found no room")
LIMIT(FOLLOWERS, "followers", "多すぎて残せなかった後続の記録", "records that may follow others and found no room")
LIMIT(NUMBERS,   "numbers",   "多すぎて比べられなかった連番", "sequence numbers that could not be compared")
LIMIT(SENDERS,   "senders",   "多すぎて見張れなかった送信元の記録", "records of senders that were too many to be watched")
LIMIT(PAST,      "past",      "多すぎて残せなかった、平常値・使用・接続の記録", "records of what is usual, seen or connected that found no room")
