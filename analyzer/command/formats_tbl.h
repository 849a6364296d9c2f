/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The words behind `konseki formats`: SUB(name, operands, English, Japanese). */
SUB(list, "", "which formats there are, and where they come from",
    "書式の一覧と、その根拠を表示する")
SUB(explain, "[LINE...]", "what a line becomes, byte by byte, and why",
    "1行がどう解釈されるかを、バイトごとに理由とともに表示する")
SUB(unknown, "[SITE|LOG]", "which lines no format knows, by source and kind",
    "どの書式にも読めない行を、送信元と種類ごとに表示する")
SUB(new, "NAME", "a first draft of a format file from sample lines",
    "見本の行から書式ファイルの下書きを作る")
SUB(page, "", "docs/products.md, from the format files",
    "書式ファイルからdocs/products.mdを作る")
SUB(test, "[FILE...]", "run the examples of all format files, or of these",
    "書式ファイルの例を実行する（FILEを指定するとその例だけ）")
