#!/bin/sh
# run.sh - hosts in Python, Free Pascal and C# talk to a server in C in each
# mode, through the declarations made from the header; the classes of Pascal and C# are
# tested, with TLS too, and their chats talk with each other; the examples in C, C++, Python and
# C# that stop at a signal are stopped, and lose their server.
#
# usage: [LIBDIR=folder with libwdsocket.so] [BUILD=folder] hosts/test/run.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
LIBDIR=$(cd "${LIBDIR:-$here/../../dist/linux-$(go env GOARCH)}" && pwd) || exit 2
CC=${CC:-gcc}
if [ -z "${BUILD:-}" ]; then
    BUILD=$(mktemp -d) || exit 2
    clean=$BUILD
fi
mkdir -p "$BUILD" || exit 2
server=
end() {
    exec 9>&-
    [ -z "$server" ] || wait "$server"
    [ -z "${clean:-}" ] || rm -rf "$clean"
}
trap end EXIT

$CC -std=c99 -Wall -Wextra -Werror -pedantic -I"$here/../../include" -o "$BUILD/echo_server" "$here/echo.c" \
    -L"$LIBDIR" -lwdsocket -lpthread -Wl,-rpath,"$LIBDIR" || exit 1
rm -f "$BUILD/in" "$BUILD/ports" # an earlier run left its own
mkfifo "$BUILD/in"
"$BUILD/echo_server" <"$BUILD/in" >"$BUILD/ports" 9>&- &
server=$!
exec 9>"$BUILD/in"
tries=0
until [ -s "$BUILD/ports" ] || [ $tries -eq 600 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
ports=$(cat "$BUILD/ports")
[ -n "$ports" ] || { echo "the server does not start"; exit 1; }

export LD_LIBRARY_PATH="$LIBDIR" WDSOCKET_LIBRARY="$LIBDIR/libwdsocket.so"
passed=0
failed=0
# host NAME COMMAND
host() {
    name=$1
    shift
    echo "$name"
    # shellcheck disable=SC2086 # nine numbers
    timeout 400 "$@" $ports >"$BUILD/out" 2>&1 9>&-
    cat "$BUILD/out"
    last=$(tail -n 1 "$BUILD/out")
    case $last in
    *" passed, "*" failed")
        passed=$((passed + ${last%% *}))
        bad=${last##*, }
        failed=$((failed + ${bad%% *}))
        ;;
    *) failed=$((failed + 1)) ;;
    esac
    return 0
}

# without_ports NAME COMMAND: what has no use for the ports of the server
without_ports() {
    all=$ports
    ports=
    host "$@"
    ports=$all
}

host "Python" python3 "$here/echo.py"
host "What the Python module takes and refuses" python3 "$here/binding.py"
# pascal PROGRAM [OPTION]: compiles it
pascal() { compiled "$here/$1.pas" "$1" ${2:+"$2"}; }
example() { compiled "$here/../pascal/examples/$1.pas" "$1"; }
compiled() { fpc -v0 -Fu"$here/../pascal" -FU"$BUILD" -FE"$BUILD" -Fl"$LIBDIR" -o"$BUILD/$2_pascal" ${3:+"$3"} "$1" >"$BUILD/fpc.log" 2>&1; }
if pascal echo; then
    host "Free Pascal" "$BUILD/echo_pascal"
else
    cat "$BUILD/fpc.log"
    failed=$((failed + 1))
fi
echo "Free Pascal refuses a wide text"
if pascal wide && ! pascal wide -dWIDE; then
    echo "  ok   PWideChar"
    passed=$((passed + 1))
else
    cat "$BUILD/fpc.log"
    failed=$((failed + 1))
fi
if mcs -warnaserror -out:"$BUILD/Echo.exe" "$here/Echo.cs" "$here/../csharp/WDSocket.cs"; then
    host "C# (Mono)" mono "$BUILD/Echo.exe"
else
    failed=$((failed + 1))
fi
if pascal class_test; then
    without_ports "The classes for Pascal" "$BUILD/class_test_pascal"
else
    cat "$BUILD/fpc.log"
    failed=$((failed + 1))
fi
# What editors show of the classes is read, too: a name in it that is not there is an error.
classes() { mcs -warnaserror -nowarn:1591 -langversion:5 -doc:"$BUILD/$1.xml" -out:"$BUILD/$1.exe" "$2/$1.cs" "$here"/../csharp/*.cs; }
if classes Classes "$here"; then
    without_ports "The classes for C# (Mono)" mono "$BUILD/Classes.exe"
else
    failed=$((failed + 1))
fi
echo "C# without a library that can be loaded"
mkdir -p "$BUILD/broken"
: >"$BUILD/broken/libwdsocket.so.1"
if LD_LIBRARY_PATH=$BUILD/broken mono "$BUILD/Classes.exe" 2>&1 | grep -q "DllNotFoundException: libwdsocket.so.1 cannot be loaded: set LD_LIBRARY_PATH"; then
    echo "  ok   the exception says what to do"
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi
if example chat && classes Chat "$here/../csharp/examples"; then
    without_ports "Chats in Pascal, C# and Python" python3 "$here/chat.py" "$BUILD/chat_pascal" -- mono "$BUILD/Chat.exe" -- python3 "$here/../python/examples/chat.py"
else
    cat "$BUILD/fpc.log"
    failed=$((failed + 1))
fi
# The lines of the guide make the certificates.
sed -n '/^```sh$/,/^```$/p' "$here/../../docs/tls.md" | sed '/^```/d' >"$BUILD/certificates.sh"
(cd "$BUILD" && sh -e certificates.sh 2>/dev/null) || failed=$((failed + 1))
# with_tls NAME COMMAND: in the folder of the certificates
with_tls() {
    tls=$1
    shift
    without_ports "$tls" env -C "$BUILD" "$@"
}
with_tls "TLS in Python" python3 "$here/tls.py"
if pascal tls && mcs -warnaserror -out:"$BUILD/Tls.exe" "$here/Tls.cs" "$here"/../csharp/*.cs; then
    with_tls "TLS in Pascal" ./tls_pascal
    with_tls "TLS in C# (Mono)" mono Tls.exe
else
    cat "$BUILD/fpc.log"
    failed=$((failed + 1))
fi
# stop NAME COMMAND: a clean stop by SIGINT and SIGTERM
stop() {
    without_ports "$1" python3 "$here/stop.py" "$@"
}
$CC -std=c99 -Wall -Wextra -Werror -pedantic -I"$here/../../include" -o "$BUILD/clean_stop" "$here/../../examples/clean_stop.c" \
    -L"$LIBDIR" -lwdsocket -lpthread -Wl,-rpath,"$LIBDIR" && stop "clean stop in C" "$BUILD/clean_stop" || failed=$((failed + 1))
${CXX:-g++} -std=c++17 -Wall -Wextra -Werror -pedantic -I"$here/../../include" -o "$BUILD/clean_stop_cpp" "$here/../../examples/clean_stop.cpp" \
    -L"$LIBDIR" -lwdsocket -lpthread -Wl,-rpath,"$LIBDIR" && stop "clean stop in C++" "$BUILD/clean_stop_cpp" || failed=$((failed + 1))
stop "clean stop in Python" python3 "$here/../python/examples/clean_stop.py"
stop "clean stop with the classes for Python" --no-goodbye python3 "$here/../python/examples/echo_server.py"
mcs -warnaserror -nowarn:1591 -langversion:5 -r:Mono.Posix -out:"$BUILD/CleanStop.exe" "$here/../csharp/examples/CleanStop.cs" "$here"/../csharp/*.cs &&
    stop "clean stop in C#" mono "$BUILD/CleanStop.exe" || failed=$((failed + 1))
# lost NAME OBJECT COMMAND: the server fails, and the program ends by itself, with status 1
lost() {
    name=$1 object=$2 status=0
    shift 2
    echo "$name"
    timeout 200 env LD_PRELOAD="$BUILD/$object" "$@" >"$BUILD/out" 2>&1 9>&- || status=$?
    if [ "$status" -eq 1 ] && grep -q "^served, and the server is lost\$" "$BUILD/out"; then
        echo "  ok   it ends"
        passed=$((passed + 1))
    else
        cat "$BUILD/out"
        echo "  FAILED, status $status"
        failed=$((failed + 1))
    fi
}
# object NAME [OPTION]: what closes the server
object() {
    ${CXX:-g++} -std=c++17 -Wall -Wextra -Werror -pedantic ${2:+"$2"} -shared -fPIC -I"$here/../../include" -o "$BUILD/$1" "$here/lost.cpp" \
        -L"$LIBDIR" -lwdsocket -lpthread -Wl,-rpath,"$LIBDIR"
}
if object lost.so && object lost_memory.so -DNO_MEMORY &&
    $CC -std=c99 -Wall -Wextra -Werror -pedantic -I"$here/../../include" -o "$BUILD/threads_c" "$here/../../examples/echo_server.c" \
        -L"$LIBDIR" -lwdsocket -lpthread -Wl,-rpath,"$LIBDIR"; then
    lost "clean_stop in C loses its server" lost.so "$BUILD/clean_stop" 0
    lost "echo_server in C loses its server" lost.so "$BUILD/threads_c" 0
    lost "clean_stop in C++ loses its server" lost.so "$BUILD/clean_stop_cpp" 0
    lost "clean_stop in C++ has no memory for a message" lost_memory.so "$BUILD/clean_stop_cpp" 0
    lost "clean_stop in Python loses its server" lost.so python3 "$here/../python/examples/clean_stop.py" 0
    lost "echo_server in Python loses its server" lost.so python3 "$here/../python/examples/echo_server.py" 0 5000 # as long as its thread waits for the client, which lives on
    lost "CleanStop in C# loses its server" lost.so mono "$BUILD/CleanStop.exe" 0
else
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
