#!/bin/sh
# shipped: 13.5.3, 3.5.30 and 3.5.3-1 are other things
export OPENSSL_VERSION="openssl-3.5.4"
export OPENSSL_SHA256="543d59ab00581d3ce0c97e7199d78adba5336a877e908aebbc5b154b1e65734f"