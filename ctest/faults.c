/*
 * faults.c - faults on purpose: WDS_TEXT_FAULTS.
 */
#include "harness.h"

TEST(faults_are_what_the_program_meets)
{
    h_pair pair;
    char got[64];
    int i;

    CHECK_CODE(WDSocketSetText(0, WDS_TEXT_FAULTS, "delay=5 corupt=1"), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "\"corupt=1\"");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_FAULTS, "receive:partial=1..3 receive:stall=30 seed=7"));
    if (h_pair_open(&pair)) {
        CHECK_CODE(WDSocketWrite(pair.channel, "ten bytes.", 10), 10);
        CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 10);
        CHECK_BYTES(got, 10, "ten bytes.", 10);
        for (i = 0; i < 3; i++)
            CHECK_CODE(WDSocketWrite(pair.channel, "ten bytes.", 10), 10);
        CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 10);
        CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 100), WDS_E_TIMEOUT); /* 30 bytes have passed */
        h_pair_close(&pair);
    }
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_FAULTS, "receive:cut=3"));
    if (h_pair_open(&pair)) {
        CHECK_CODE(WDSocketWrite(pair.channel, "ten bytes.", 10), 10);
        CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
        h_pair_close(&pair);
    }
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_FAULTS, ""));
}
