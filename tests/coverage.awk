# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# What gcov -n says, as one line for each file and one for all. What a header
# brings along counts for nobody.
/^File / {
	name = ""
	if (match($0, /(analyzer|collector|lib|verify)\/[a-z0-9_\/]*\.c/))
		name = substr($0, RSTART, RLENGTH)
}
/^Lines executed:/ && name != "" {
	split($0, f, /[:%]|of /)
	printf "%6.2f%% of %6d lines: %s\n", f[2], f[4], name | "sort -n"
	lines += f[4]
	run += f[4] * f[2] / 100
	name = ""
}
END {
	close("sort -n")
	if (lines > 0)
		printf "%6.2f%% of %6d lines\n", 100 * run / lines, lines
}
