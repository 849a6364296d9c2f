/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * WORKBOOK_ERR(identifier, English, Japanese): why a workbook is not read, and
 * what to do.  The part of the workbook that it is about is said beside it.
 */
WORKBOOK_ERR(OK, "ok", "正常")
WORKBOOK_ERR(OLD, "it is a workbook of Excel 97-2003 (.xls); save it in Excel as \"Excel Workbook (.xlsx)\"", "Excel 97-2003形式（.xls）のブックです。Excelで「Excelブック（.xlsx）」として保存し直してください")
WORKBOOK_ERR(ENCRYPTED, "it is protected by a password; open it in Excel, take the password away (File, Info, Protect Workbook) and save it", "パスワードで暗号化されたブックです。Excelで開き、パスワードを外して（ファイル→情報→ブックの保護）保存し直してください")
WORKBOOK_ERR(MACROS, "it holds macros (.xlsm); save it in Excel as \"Excel Workbook (.xlsx)\", which leaves them out", "マクロを含むブック（.xlsm）です。Excelで「Excelブック（.xlsx）」として保存し直してください（マクロは除かれます）")
WORKBOOK_ERR(BINARY, "it is a binary workbook (.xlsb); save it in Excel as \"Excel Workbook (.xlsx)\"", "バイナリブック（.xlsb）です。Excelで「Excelブック（.xlsx）」として保存し直してください")
WORKBOOK_ERR(OPEN_DOCUMENT, "it is an OpenDocument file (.ods); save it as \"Excel 2007-365 (.xlsx)\"", "OpenDocument形式（.ods）です。「Excel 2007-365（.xlsx）」として保存し直してください")
WORKBOOK_ERR(NO_WORKBOOK, "it is a ZIP file but no Excel workbook; save the ledger as .xlsx or as CSV", "ZIPファイルですが、Excelブックではありません。台帳を.xlsxかCSVで保存してください")
WORKBOOK_ERR(DAMAGED, "the workbook is damaged or was not copied whole; open it in Excel and save it again", "ブックが壊れているか、コピーが途中で切れています。Excelで開いて保存し直してください")
WORKBOOK_ERR(PACKED, "it is packed in a way that konseki does not read; open it in Excel and save it again", "konsekiが読めない圧縮方式です。Excelで開いて保存し直してください")
WORKBOOK_ERR(BOMB, "its parts share the same bytes, as in a ZIP bomb; do not use this file", "中のファイルが同じ領域を共有しています（ZIP爆弾の疑い）。このファイルは使わないでください")
WORKBOOK_ERR(BIG_PART, "a part of it unpacks to more than 64 MiB; delete the empty rows and columns at the end, and the sheets that are no ledger, and save it", "中の部品が展開すると64 MiBを超えます。末尾の空の行・列や、台帳でないシートを削除して保存してください")
WORKBOOK_ERR(BIG_TOTAL, "it unpacks to more than 128 MiB; keep the ledger alone in its workbook", "全体が展開すると128 MiBを超えます。台帳だけのブックにしてください")
WORKBOOK_ERR(XML, "its XML is not well formed; open it in Excel and save it again", "XMLとして正しくありません。Excelで開いて保存し直してください")
WORKBOOK_ERR(DTD, "its XML declares a document type, which no workbook needs; do not use this file", "XMLに文書型宣言があります（ブックには不要）。このファイルは使わないでください")
WORKBOOK_ERR(DEEP, "its XML is nested more than 64 deep; open it in Excel and save it again", "XMLの入れ子が64段を超えています。Excelで開いて保存し直してください")
WORKBOOK_ERR(MANY_SHEETS, "more than 256 sheets; keep the ledger in a workbook of its own", "シートが256枚を超えています。台帳だけのブックにしてください")
WORKBOOK_ERR(MANY_STYLES, "more than 65536 cell formats; copy the sheet into a new workbook", "セルの書式が65536を超えています。シートを新しいブックにコピーしてください")
WORKBOOK_ERR(MANY_STRINGS, "more than 1000000 texts; keep the ledger in a workbook of its own", "文字列が1000000個を超えています。台帳だけのブックにしてください")
WORKBOOK_ERR(LONG_TEXT, "a cell holds more than 131072 bytes of text; shorten it", "131072バイトを超えるセルがあります。短くしてください")
WORKBOOK_ERR(MANY_ROWS, "more than 100000 rows with values; delete those that are none of the ledger", "値のある行が100000行を超えています。台帳でない行を削除してください")
WORKBOOK_ERR(WIDE, "a value beyond column IV (256); delete what stands right of the ledger", "IV列（256列）より右に値があります。台帳の右側の値を削除してください")
WORKBOOK_ERR(MANY_CELLS, "more than 4000000 cells with values; keep the ledger alone on its sheet", "値のあるセルが4000000個を超えています。台帳だけのシートにしてください")
WORKBOOK_ERR(MANY_MERGES, "more than 10000 merged ranges; unmerge the cells", "結合セルが10000か所を超えています。セルの結合を解除してください")
