# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# What the programs say of the golden files; read after tests/lib.sh.
# tests/golden/make keeps it and tests/system/75-golden.t compares.
# shellcheck disable=SC2034,SC2154 # who reads it does; T: tests/lib.sh

# Each is the name of a file below tests/golden/ev1 without .ok.
golden_names='log.en log.ja stamped.en stamped.ja cosigned.en cosigned.ja
successor.en successor.ja whole.en whole.ja excerpt.en excerpt.ja whole.sh
excerpt.sh log.leaves successor.leaves proof range consistency'

# golden_say NAME: in that folder; the last line is the exit status, but for
# proofs, which are kept as they are.
golden_say() {
	case $1 in
	log.?? | successor.??)
		konseki-verify --lang "${1#*.}" --pin "${1%.*}/log" "${1%.*}" ;;
	stamped.??)
		set -- "${1#*.}" log/tokens/*.tsr
		konseki-verify --lang "$1" --pin log/log --tsa tsa.pem \
		    --anchor "$2" --anchor "$3" log ;;
	cosigned.??)
		printf 'witness w %s\nquorum w\n' "$(cat witness.vkey)" \
		    >"$T/policy"
		konseki-verify --lang "${1#*.}" --pin log/log --anchor cosigned \
		    --policy "$T/policy" log ;;
	whole.?? | excerpt.??)
		[ "${1#*.}" != sh ] || { golden_script "${1%.*}"; return; }
		konseki-verify --lang "${1#*.}" --pin log/log \
		    --key "$(cat handover.vkey)" --cert ca.pem --tsa tsa.pem \
		    "${1%.*}" ;;
	*.leaves)
		konseki --lang en show --leaves "${1%.*}" 2>"$T/warned"
		golden_status=$?
		cat "$T/warned"
		(exit $golden_status) ;;
	proof)
		konseki prove --index "$(cat index)" log 2>/dev/null
		return ;;
	range)
		konseki prove --range "$(cat index)-$(($(cat index) + 2))" log
		return ;;
	consistency)
		konseki prove --from "$(sed -n 2p cosigned)" log
		return ;;
	esac
	echo "exit $?"
}

# golden_script PACKAGE: what the script in it says.
golden_script() {
	sh "$1/verify.sh" --pin log/log --handover handover.vkey --ca ca.pem \
	    --tsa tsa.pem 2>&1
	echo "exit $?"
}

# The same of tests/golden/ev1-gaps.
gaps_names='gap.en gap.ja gap.en.json gap.ja.json gap.sh part.en part.ja
part.en.json part.ja.json part.sh rolled.en rolled.ja rolled.en.json
rolled.ja.json rolled.leaves'

# gaps_say NAME: in that folder; the last line is the exit status.
gaps_say() {
	gaps_json=
	case $1 in
	*.json) gaps_json=--json ;;
	rolled.leaves) golden_say "$1"; return ;;
	*.sh)
		sh "${1%.sh}/verify.sh" --pin log --handover handover.vkey 2>&1
		echo "exit $?"
		return ;;
	esac
	set -- "${1%.json}"
	set -- "${1#*.}" "${1%.*}"
	# shellcheck disable=SC2086 # an option or none
	case $2 in
	rolled) konseki-verify --lang "$1" $gaps_json --pin rolled/log rolled ;;
	*) konseki-verify --lang "$1" $gaps_json --pin log \
	    --key "$(cat handover.vkey)" "$2" ;;
	esac
	echo "exit $?"
}
