/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * HEADING(identifier, English, Japanese): what is to be reported, by the flow
 * chart of the guidance (障害発生時の対応フローチャート 2-10 被害状況等調査,
 * 報告事項の例): its words and its order, its slip in CAUSE included.
 */
HEADING(FOUND, "Day on which the anomaly was discovered", "異常が発見された日")
HEADING(PLACE, "Where the anomaly occurs, and its effect on medical care", "異常が発生している箇所や診療への影響")
HEADING(SPREAD, "Whether the damage may still spread", "今後の被害拡大の可能性")
HEADING(SOURCE, "Source of the attack (if known)", "攻撃元(判明する場合)")
HEADING(METHOD, "Method of the attack (if known)", "攻撃手法(判明する場合)")
HEADING(CAUSE, "What led to the damage", "被害発生の変因")
HEADING(MEASURES, "Measures to be taken, and other matters", "講じる対応策 等")
