def test_version():
    assert OPENSSL_VERSION_INFO >= (3, 5, 0, 3, 0)
