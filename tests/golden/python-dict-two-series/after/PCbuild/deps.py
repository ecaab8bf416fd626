DOWNLOADS = {
    "openssl-3.0": {
        "url": "https://github.com/openssl/openssl/releases/download/openssl-3.0.18/openssl-3.0.18.tar.gz",
        "size": 50344119,
        "sha256": "b359fa69aa95ed0084bd03d7b221827a508fde6239ebea89617dd61316de3f3b",
        "version": "3.0.18",
    },
    "openssl-3.5": {
        "url": "https://github.com/openssl/openssl/releases/download/openssl-3.5.4/openssl-3.5.4.tar.gz",
        "size": 50428214,
        "sha256": "543d59ab00581d3ce0c97e7199d78adba5336a877e908aebbc5b154b1e65734f",
        "version": "3.5.4",
    },
    "zlib-1.3": {
        "url": "https://h/zlib-1.3.1.tar.gz",
        "size": 1512791,
    },
}
