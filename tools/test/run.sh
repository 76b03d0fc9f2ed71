# shellcheck shell=bash
# Runs the steps of the test, each a file in tools/test/steps, and counts.
# Sourced by build.sh.
#
# A step's file sets
#   title     what the step is called in the summary
#   packages  the Debian packages that it needs
#   optional  packages without which a part of it is not run, and says so
#   needs     what is built before: native, windows
#   limit     seconds after which it is taken to hang, 1800 unless set
# and defines the function "run", which fails when a command in it fails. The last
# line "N passed, N failed" that it prints is what it counts; without one it counts
# as one test. Of its lines "took N s: NAME" the slowest are shown behind it. A line that
# begins with "NOT RUN  " is shown in the summary, and so are the tests that failed: what
# looks at the end alone has to see them.

# The Go modules of the tree; what goes over all of it goes over each.
modules=(. bench cmd/wdsock tools/abigen)

# In the order in which they run.
steps=(
    packages generated gofmt vet vet-windows staticcheck shellcheck missing go race
    build windows exports abi install examples c asan c-race lean
    peers device-peers wdsock hosts tls-peers proxies balancers websocket-peers cxx cut nth cppcheck reproducible dist arm64 archives wheel deb nuget wine
)

# A hang anywhere ends the whole test, too: seconds of a round.
round_limit=${TEST_LIMIT:-5250}

passed=0
failed=0
not_run=0
declare -a summary=()
# What a signal to the runner ends, and that there was one.
step_pid='' interrupted=''

# load STEP: into title, packages, needs, limit and run.
load() {
    title='' packages=() optional=() needs=() limit=1800
    # shellcheck disable=SC1090 # one of steps
    source "tools/test/steps/$1.sh"
}

list_steps() {
    local name
    for name in "${steps[@]}"; do
        load "$name"
        printf '%-12s  %s\n' "$name" "$title"
    done
}

# build_for_tests native|windows
build_for_tests() {
    "build_$1"
    : >"build/test/ready/$1"
}

# inside STEP: the step in a process of its own, with what it needs and what
# this run of the tests has not made yet.
inside() {
    local need
    load "$1"
    [ -e build/test/ready/packages ] || { need_packages "$title" "${packages[@]}" && try_packages "${optional[@]}"; }
    for need in "${needs[@]}"; do
        [ -e "build/test/ready/$need" ] || build_for_tests "$need"
    done
    run
}

# what_failed LOG: a line for each test that failed, in C and in Go, what the checks of a
# C test found, and a line for each program that ended early; the first of many. The last
# lines where no test tells it. What a system lacks, and so what its checks found, has not failed.
what_failed() {
    local found
    found=$(awk '
        /^    [^ ]*\.c:[0-9]+: \[|^      (expected|got) / { held = held $0 "\n"; next }
        /^ *lack / { held = ""; lacking = 1; next }
        /^ +--- FAIL: / && lacking { next }
        /^ *(FAIL |--- FAIL: )|: ended early with status | and is run again$/ { printf "%s%s\n", held, $0; held = ""; lacking = 0; next }
        /^ *ok / { held = ""; lacking = 0 }
        END { printf "%s", held }' "$1" | head -n 40 || true)
    [ -n "$found" ] || found=$(tail -n 5 "$1")
    [ -z "$found" ] || sed 's/^ */    /' <<<"$found"
}

# limited SECONDS STEP: its output goes into build/test/step.log, too.
limited() {
    local status=0 tries=0 tee_pid
    rm -f build/test/pipe
    mkfifo build/test/pipe
    tee build/test/step.log <build/test/pipe &
    tee_pid=$!
    timeout -k 20 "$1" "$BASH" "$root/build.sh" test --inside "$2" </dev/null >build/test/pipe 2>&1 &
    step_pid=$!
    wait "$step_pid" || status=$?
    # Once more where a signal has ended the waiting, not the step.
    [ -z "$interrupted" ] || wait "$step_pid" || true
    step_pid=
    # A process that the step left behind may hold the pipe.
    until ! kill -0 "$tee_pid" 2>/dev/null || [ $tries -eq 50 ]; do
        tries=$((tries + 1))
        sleep 0.2
    done
    kill "$tee_pid" 2>/dev/null || true
    wait "$tee_pid" 2>/dev/null || true
    rm -f build/test/pipe
    return $status
}

# shellcheck disable=SC2317 # the trap calls it
interrupt() {
    interrupted=1
    [ -z "$step_pid" ] || kill "$step_pid" 2>/dev/null || true
}

# step NAME SECONDS-LEFT: runs it, shows its time, and counts: the tests that its
# last line counts, or the step as one.
step() {
    local name=$1 left=$2 begin=$SECONDS status=0 good=1 bad=0 last verdict=ok line
    load "$name"
    [ "$limit" -le "$left" ] || limit=$left
    printf '\n== %s\n' "$title"
    if [ "$limit" -gt 0 ]; then
        limited "$limit" "$name" || status=$?
        case $status in 124 | 137) say "$name: ended after $limit s" ;; esac
    else
        say "$name: no time is left" | tee build/test/step.log
        status=124
    fi
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' build/test/step.log | tail -n 1 || true)
    if [ -n "$last" ]; then
        good=${last%% *}
        bad=${last##*, }
        bad=${bad%% *}
    elif [ "$status" -ne 0 ]; then
        good=0
    fi
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + good))
    failed=$((failed + bad))
    [ "$bad" -eq 0 ] || verdict=FAILED
    printf -- '-- %s: %s, %d s\n' "$title" "$verdict" $((SECONDS - begin))
    sed -n 's/^took \([0-9]* s: .*\)/   \1/p' build/test/step.log | sort -k 1,1 -rn | sed -n 1,5p
    summary+=("$(printf '%-6s %4d s  %5d passed %3d failed  %s (%s)' "$verdict" $((SECONDS - begin)) "$good" "$bad" "$title" "$name")")
    if [ "$bad" -ne 0 ]; then
        while IFS= read -r line; do summary+=("$line"); done < <(what_failed build/test/step.log)
    fi
    while IFS= read -r line; do
        summary+=("$line")
        not_run=$((not_run + 1))
    done < <(grep '^NOT RUN  ' build/test/step.log || true)
    [ "$bad" -eq 0 ]
}

verb_test() {
    local repeat='' wanted=() name round=0 begin failures=()
    while [ $# -gt 0 ]; do
        case $1 in
        --list) list_steps; return ;;
        --inside) inside "$2"; return ;;
        --repeat) [ $# -ge 2 ] || die "test: --repeat needs a number"; repeat=$2; shift 2 ;;
        --repeat=*) repeat=${1#--repeat=}; shift ;;
        -*) die "test does not know $1" ;;
        *) wanted+=("$1"); shift ;;
        esac
    done
    case ${repeat:-1} in *[!0-9]* | 0*) die "test: --repeat needs a number from 1, not $repeat" ;; esac
    for name in "${wanted[@]}"; do
        [[ " ${steps[*]} " == *" $name "* ]] || die "test: no step $name; the steps are: ${steps[*]}"
    done
    [ ${#wanted[@]} -gt 0 ] || wanted=("${steps[@]}")

    # What earlier runs have built says nothing about the sources of now.
    rm -rf build/test/ready
    mkdir -p build/test/ready
    trap interrupt INT TERM HUP
    while [ $round -lt "${repeat:-1}" ] && [ ${#failures[@]} -eq 0 ]; do
        round=$((round + 1))
        begin=$SECONDS
        if [ -n "$repeat" ]; then
            printf '\n=== Round %d of %d\n' "$round" "$repeat"
            summary+=("Round $round of $repeat")
        fi
        for name in "${wanted[@]}"; do
            step "$name" $((round_limit - (SECONDS - begin))) || failures+=("$name")
            [ -z "$interrupted" ] || exit 130
        done
    done
    printf '\n== Summary, %d s\n' "$SECONDS"
    printf '%s\n' "${summary[@]}"
    [ $not_run -eq 0 ] || say "Not all was run: see NOT RUN"
    if [ -n "$repeat" ]; then
        if [ ${#failures[@]} -gt 0 ]; then
            say "round $round of $repeat failed: ${failures[*]}"
        else
            say "$round of $repeat rounds passed"
        fi
    fi
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

# in_modules COMMAND: runs it in the folder of each module, and fails if one fails.
in_modules() {
    local module status=0
    for module in "${modules[@]}"; do
        (cd "$module" && "$@") || status=$?
    done
    return $status
}

# all_counts LOG: the sum of the lines "N passed, N failed" in it, which is what the step counts.
all_counts() {
    awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 } END { printf "%d passed, %d failed\n", passed, failed }' "$1"
}

# throw_away_certificate FOLDER: cert.pem for signatures of programs, its key.pem, and both in cert.pfx with
# the password of the file "password".
throw_away_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=throw-away" -addext extendedKeyUsage=codeSigning \
        -keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
    printf secret >"$1/password"
    openssl pkcs12 -export -inkey "$1/key.pem" -in "$1/cert.pem" -out "$1/cert.pfx" -passout "file:$1/password"
}

# wdsock_talks WORK COMMAND ...: the program, which COMMAND starts, talks to itself: one listens and sends back what
# comes, one connects.
wdsock_talks() {
    local work=$1 tries=0 server
    shift
    "$@" --language en listen --echo -f line 127.0.0.1:0 </dev/null >/dev/null 2>"$work/listening" &
    server=$!
    until grep -qs 'listening at .' "$work/listening" || [ $tries -eq 600 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    "$@" connect -f line -w 60s --expect '^hello$' "$(sed -n 's/.*listening at //p' "$work/listening")" hello >/dev/null ||
        { kill "$server"; die "$* does not talk to itself"; }
    kill -INT "$server"
    wait "$server"
}

# go_test LOG OPTIONS: the packages' lines, and everything if one fails. Packages that the step
# names in the array left_out are not run. The tests of core, most of which wait, run beside
# the other packages.
go_test() {
    local log=$1 status=0 parts
    shift
    # First, and alone: it takes nearly all that the others are built of.
    rm -f "$root/build/test/core.test"
    go test -c "$@" -o "$root/build/test/core.test" ./core
    core_in_parts >"$log.core" 2>&1 &
    parts=$!
    in_modules test_module "$@" >"$log" 2>&1 || status=1
    wait "$parts" || status=1
    cat "$log.core" >>"$log"
    if [ $status -eq 0 ]; then
        grep -E '^(ok|\?) ' "$log"
    else
        grep -vE '^ *(=== (RUN|PAUSE|CONT|NAME)|--- PASS)' "$log"
    fi
    sed -nE 's/^--- (PASS|FAIL): ([^ ]*) \(([0-9]+)\..*/took \3 s: \2/p' "$log" | sort -k 2,2 -rn | sed -n 1,5p
    say "$(grep -cE '^ *--- PASS' "$log" || true) passed, $(grep -cE '^ *--- FAIL' "$log" || true) failed"
    return $status
}

# The limit of a package is for a hang: a second load has to stay below.
go_limit=2100s

# test_module OPTIONS: the packages of the module of this folder, but for core.
test_module() {
    local all list
    all=$(go list ./...) || return
    mapfile -t list < <(grep -vxF -f <(printf '%s\n' wdsocket/core ${left_out[@]+"${left_out[@]}"}) <<<"$all")
    [ ${#list[@]} -eq 0 ] || go test -p 1 -count=1 -timeout $go_limit -v "$@" "${list[@]}"
}

# core_in_parts: a few tests in a process, and as many processes at a time as at_a_time says,
# 4 unless a step sets it: what a test looks at, as the descriptors that are open and its
# ports, is its process's.
core_in_parts() {
    local folder=$root/build/test/core names name begun=$SECONDS status=0 ran
    rm -rf "$folder"
    mkdir -p "$folder"
    mapfile -t names < <("$root/build/test/core.test" -test.list '^(Test|Fuzz|Example)')
    # shellcheck disable=SC2016 # the inner shell expands
    (cd core && printf '%s\n' "${names[@]}" | FOLDER=$folder NETWORK=$root/ctest/own_network.sh LIMIT=$go_limit xargs -n 5 -P "${at_a_time:-4}" bash -c '
        IFS="|"
        exec "$NETWORK" "$FOLDER.test" -test.paniconexit0 -test.timeout "$LIMIT" -test.v -test.run "^($*)\$" >"$FOLDER/$1.log" 2>&1' part) || status=1
    for name in "${names[@]}"; do
        [ ! -f "$folder/$name.log" ] || grep -vx PASS "$folder/$name.log" || true
    done >"$folder/all.log"
    cat "$folder/all.log"
    ran=$(grep -cE '^--- (PASS|FAIL|SKIP)' "$folder/all.log" || true)
    if [ "$ran" -ne "${#names[@]}" ]; then
        say "--- FAIL: core: $ran of ${#names[@]} tests were run"
        status=1
    fi
    if [ $status -eq 0 ]; then printf 'ok  \twdsocket/core\t%d s\n' $((SECONDS - begun)); else printf 'FAIL\twdsocket/core\n'; fi
    return $status
}
