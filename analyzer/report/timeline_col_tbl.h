/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * COL(identifier, English, Japanese): the columns of the timeline (DOMAIN: 時系列表).
 * Those up to CERTAINTY stand on paper; the CSV has them all.
 */
COL(NO, "No", "No")
COL(TIME, "Date and time, corrected", "日時（補正後）")
COL(BASIS, "Time by (device, received, error)", "時刻の根拠（機器・受信・誤差）")
COL(TEXT, "Event", "事象")
COL(PHASE, "Phase", "区分")
COL(DEVICE, "Device (asset number, place)", "対象機器（管理番号・設置場所）")
COL(USER, "User", "利用者")
COL(PEER, "Other side", "相手先")
COL(SOURCE, "Evidence (log#index, leaf)", "情報源（証跡番号・リーフ先頭16桁）")
COL(CERTAINTY, "Certainty", "確度")
COL(WEEKDAY, "Weekday", "曜日")
COL(TIME_TEXT, "Device time as written", "機器の時刻（原文）")
COL(CLOCK, "Device time", "機器時刻")
COL(RECEIVED, "Received", "受信時刻")
COL(ERROR, "Error ±", "誤差±")
COL(WRITER, "Entered by", "記入者")
COL(RULE, "Rule", "検出ルール")
COL(REPLAY, "Sample or drill", "見本・訓練")
