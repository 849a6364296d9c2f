/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Who may do what: ROLE_ACT(id, roles, English, Japanese).  To look is for all
 * of them, and an auditor (監査者) does nothing else.  To keep evidence is for
 * everybody who works there; to let it go is for one.
 */
ROLE_ACT(TAKE, OPERATOR | PLANNER | SAFETY, "take a case, note, report",
    "引受・記入・申告の入力")
ROLE_ACT(JUDGE, PLANNER | SAFETY, "judge a finding, keep it quiet, end that",
    "判定・通知停止・その解除")
ROLE_ACT(AWARE, PLANNER | SAFETY, "record the time of awareness, that a report was made",
    "覚知日時・報告済の記録")
ROLE_ACT(PRESERVE, OPERATOR | PLANNER | SAFETY, "keep evidence, put it on hold",
    "証拠の保全・保全指定")
ROLE_ACT(REVIEW, PLANNER | SAFETY, "sign a weekly sheet", "週次確認票の署名")
ROLE_ACT(HANDOVER, PLANNER | SAFETY, "hand evidence over", "証拠の引渡し・授受の記録")
ROLE_ACT(RELEASE, SAFETY, "release or delete evidence", "保全の解除・証拠の削除")
ROLE_ACT(DRILL, OPERATOR | PLANNER | SAFETY, "hold a drill", "訓練の実施")
