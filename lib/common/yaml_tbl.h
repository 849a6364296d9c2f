/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* What libyaml says | what to do about it, in English | in Japanese. */
ROW("found character that cannot start any token",
    "a tab, @, ` or % cannot begin a value: indent by blanks, or put the value in quotes",
    "値をタブ・@・`・% で始めることはできません。字下げには空白を使い、値は引用符で囲んでください")
ROW("found a tab character that violates indentation",
    "a tab cannot indent: use blanks",
    "字下げにタブは使えません。空白を使ってください")
ROW("mapping values are not allowed in this context",
    "a ':' is not allowed here: check the indentation, or put the value in quotes",
    "ここに「:」は書けません。字下げを確かめるか、値を引用符で囲んでください")
ROW("could not find expected ':'",
    "a ':' is missing behind the key",
    "キーの後に「:」がありません")
ROW("did not find expected key",
    "a key is missing here: check the indentation and the quotes",
    "ここにキーが必要です。字下げと引用符を確かめてください")
ROW("did not find expected '-' indicator",
    "an item with '-' is missing here: check the indentation",
    "ここに「-」の項目が必要です。字下げを確かめてください")
ROW("did not find expected ',' or ']'",
    "a ',' or ']' is missing here",
    "ここに「,」または「]」が必要です")
ROW("did not find expected ',' or '}'",
    "a ',' or '}' is missing here",
    "ここに「,」または「}」が必要です")
ROW("found unexpected end of stream",
    "the file ends inside quotes: one is opened but not closed",
    "引用符が閉じられないまま、ファイルが終わっています")
