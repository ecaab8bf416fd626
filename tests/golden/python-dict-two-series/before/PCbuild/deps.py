DOWNLOADS = {
    "openssl-3.0": {
        "url": "https://github.com/openssl/openssl/releases/download/openssl-3.0.17/openssl-3.0.17.tar.gz",
        "size": 50278851,
        "sha256": "25eb4f68a25689c561d4aade9608c6871f9f58f55cd2415e6c3a3a87ab6da0ce",
        "version": "3.0.17",
    },
    "openssl-3.5": {
        "url": "https://github.com/openssl/openssl/releases/download/openssl-3.5.3/openssl-3.5.3.tar.gz",
        "size": 50493529,
        "sha256": "7957041413ff0786c48e46ca354fd5f2514c66305c41eb603530b473fee76509",
        "version": "3.5.3",
    },
    "zlib-1.3": {
        "url": "https://h/zlib-1.3.1.tar.gz",
        "size": 1512791,
    },
}
