"""typed.py - what a checker of types says of a program with the package for Python."""
import wdsocket


def ask(address: str) -> str:
    with wdsocket.connect(address, 5000, timeout=3) as scale:
        scale.set_option(wdsocket.WDS_OPT_MAX_MESSAGE, 4096)
        scale.write("weight?")
        for message in scale:
            print(message.hex())
        wdsocket.check(wdsocket.library().WDSocketFlush(scale.handle, 1000))
        return scale.read_text(timeout=3)


try:
    print(ask("10.0.0.5").upper())
except wdsocket.Timeout as error:
    print(error.code + 1)
