/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The words behind `konseki rules`: SUB(name, operands, English, Japanese). */
SUB(check, "DIR", "whether the Sigma rules of a folder can be used, and why not",
    "フォルダー内のSigmaルールが使えるか、使えない理由を表示する")
SUB(match, "", "which rules of a folder fit which events (JSON Lines)",
    "フォルダー内のルールがどのイベント（JSON Lines）に一致するかを表示する")
SUB(list, "", "konseki's rules: level, who is told first, ATT&CK, on in which profile",
    "konsekiのルールの一覧（重大度・最初に知らせる人・ATT&CK・使うプロファイル）")
SUB(test, "[CODE|FILE...]", "whether the examples of konseki's rules hold, and what came instead",
    "konsekiのルールの例が成立するか、しなければ何になったかを表示する")
SUB(explain, "CODE|FILE", "why one of konseki's rules fits an event, or does not",
    "konsekiのルールが1件のイベントに一致する理由、しない理由を表示する")
SUB(page, "", "docs/pack.md: what each rule of the pack says, and for which techniques",
    "docs/pack.md（ルール集の説明と、対象とする攻撃手法）を出力する")
SUB(coverage, "[SITE]", "which rules cannot fire here: what they need never comes",
    "この施設で検知できないルール（必要な項目や記録が届かないもの）を表示する")
SUB(backtest, "[CODE|FILE...]", "when rules would have alerted, over all the evidence of a site",
    "ルールを過去の証跡すべてで試し、いつ警報になったはずかを表示する")
