/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The words behind `konseki rules`: SUB(name, operands, English, Japanese). */
SUB(check, "DIR", "whether the Sigma rules of a folder can be used, and why not",
    "フォルダー内のSigmaルールが使えるか、使えない理由を表示する")
SUB(match, "", "which rules of a folder fit which events (JSON Lines)",
    "フォルダー内のルールがどのイベント（JSON Lines）に一致するかを表示する")
