/*
 * store.c - certificates of the Windows store: found by their subject or their
 * thumbprint, with a key that stays in Windows.
 */
#include "certificates.h"
#include "harness.h"

#include <windows.h>

#include <wincrypt.h>

#ifndef PKCS12_ALWAYS_CNG_KSP
#define PKCS12_ALWAYS_CNG_KSP 0x00000200
#endif

static HCERTSTORE personal(void)
{
    return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"MY");
}

/* Reads a whole file; free it. */
static BYTE *bytes_of(const char *path, DWORD *length)
{
    FILE *f = fopen(path, "rb");
    BYTE *data = (BYTE *)malloc(1 << 16);

    *length = 0;
    if (f == NULL || data == NULL)
        return data;
    *length = (DWORD)fread(data, 1, 1 << 16, f);
    fclose(f);
    return data;
}

/* Puts what a PFX file holds into the personal store; how many certificates. */
static int put_pfx(const char *name)
{
    CRYPT_DATA_BLOB blob;
    HCERTSTORE from, to = personal();
    PCCERT_CONTEXT at = NULL;
    int count = 0;

    blob.pbData = bytes_of(cert(name), &blob.cbData);
    from = PFXImportCertStore(&blob, L"secret", CRYPT_USER_KEYSET | PKCS12_ALWAYS_CNG_KSP);
    if (from == NULL) /* Wine knows the older kind of key only */
        from = PFXImportCertStore(&blob, L"secret", CRYPT_USER_KEYSET);
    if (from == NULL)
        printf("    PFXImportCertStore: error %lx\n", (unsigned long)GetLastError());
    while (from != NULL && (at = CertEnumCertificatesInStore(from, at)) != NULL)
        if (CertAddCertificateContextToStore(to, at, CERT_STORE_ADD_REPLACE_EXISTING, NULL))
            count++;
    if (from != NULL)
        CertCloseStore(from, 0);
    CertCloseStore(to, 0);
    free(blob.pbData);
    return count;
}

/* Puts a certificate without its key there. */
static int put_plain(const char *name)
{
    DWORD length = 1 << 16, size;
    BYTE *binary = (BYTE *)malloc(length), *text = bytes_of(cert(name), &size);
    HCERTSTORE to = personal();
    int good = CryptStringToBinaryA((const char *)text, size, CRYPT_STRING_BASE64HEADER, binary, &length, NULL, NULL) &&
               CertAddEncodedCertificateToStore(to, X509_ASN_ENCODING, binary, length, CERT_STORE_ADD_REPLACE_EXISTING, NULL);

    CertCloseStore(to, 0);
    free(text);
    free(binary);
    return good;
}

/* Takes what the tests have put there out again. */
static void tidy(void)
{
    HCERTSTORE store = personal();
    PCCERT_CONTEXT at;

    while ((at = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_W, L"wdsocket tests", NULL)) != NULL)
        if (!CertDeleteCertificateFromStore(at))
            break;
    CertCloseStore(store, 0);
}

static int32_t server_of(const char *spec)
{
    return WDSocketCreateSSL(NULL, 0, spec, WDS_SSL_ONLY_AUTHORITIES, "127.0.0.1", NULL);
}

static void talks(const char *spec)
{
    h_pair pair;

    memset(&pair, 0, sizeof pair);
    pair.server = server_of(spec);
    REQUIRE(CHECK_GE(pair.server, 1));
    pair.port = h_port(pair.server);
    pair.client = tls_client(pair.port, 0);
    if (CHECK_GE(pair.client, 1)) {
        pair.channel = WDSocketAccept(pair.server, 20000);
        CHECK(tls_talk(pair.client, pair.channel));
        CHECK_HAS(tls_info(pair.client, WDS_INFO_SSL_SUBJECT, 0), "CN=rsa");
    }
    h_pair_close(&pair);
}

/* In hexadecimal, a blank between the bytes as Windows shows it. */
static void thumbprint(char *text)
{
    HCERTSTORE store = personal();
    PCCERT_CONTEXT at = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_W, L"rsa", NULL);
    BYTE print[20];
    DWORD size = sizeof print, i;

    text[0] = 0;
    if (CHECK(at != NULL) && CHECK(CertGetCertificateContextProperty(at, CERT_SHA1_HASH_PROP_ID, print, &size)))
        for (i = 0; i < size; i++)
            text += sprintf(text, "%s%02X", i > 0 ? " " : "", print[i]);
    if (at != NULL)
        CertFreeCertificateContext(at);
    CertCloseStore(store, 0);
}

TEST(certificates_with_their_keys)
{
    char spec[100] = "store:";

    tls_trust();
    REQUIRE(CHECK_GE(put_pfx("store.pfx"), 1));
    talks("store:rsa");
    thumbprint(spec + 6);
    talks(spec);
    tidy();
}

/* That it was found is told, and that its key is not there. */
TEST(a_certificate_without_its_key)
{
    REQUIRE(CHECK(put_plain("good.crt")));
    CHECK_CODE(server_of("store:good"), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_DETAIL), "private key is not within reach");
    tidy();
}

TEST(nothing_of_that_name)
{
    CHECK_CODE(server_of("store:nobody of this name"), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_DETAIL), "no such certificate");
    CHECK_CODE(server_of("store:0123456789abcdef0123456789abcdef01234567"), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_DETAIL), "no such certificate");
}
