// Shotcut lists an effect only if a folder of its filters/ describes it.
// SPDX-License-Identifier: LGPL-2.1-or-later
import QtQuick 2.0
import org.shotcut.qml 1.0

Metadata {
    type: Metadata.Filter
    name: qsTr('Deblur')
    keywords: 'motion blur sharpen restore'
    mlt_service: 'frei0r.deblur'
    qml: 'ui.qml'
}
