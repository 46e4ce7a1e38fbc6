// The panel of the effect in Shotcut. MLT numbers the plugin's parameters: 0 model, 1 strength, 3 resolution.
// SPDX-License-Identifier: LGPL-2.1-or-later
import QtQuick 2.12
import QtQuick.Controls 2.12
import QtQuick.Layouts 1.12
import Shotcut.Controls 1.0 as Shotcut

Item {
    property var models: ['auto', 'strcnn_dtb', 'strcnn_dtb_fast']
    property var resolutions: ['source', '1920x1080', '1280x720', '960x540', '640x360']

    function setControls() {
        strengthSlider.value = filter.getDouble('1') * 100;
        modelBox.currentIndex = Math.max(models.indexOf(filter.get('0')), 0);
        resolutionBox.currentIndex = Math.max(resolutions.indexOf(filter.get('3')), 0);
    }

    width: 350
    height: 150
    Component.onCompleted: {
        if (filter.isNew) {
            filter.set('0', 'auto');
            filter.set('1', 1);
            filter.set('3', 'source');
            filter.savePreset(['0', '1', '3']);
        }
        setControls();
    }

    GridLayout {
        columns: 3
        anchors.fill: parent
        anchors.margins: 8

        Label {
            text: qsTr('Preset')
            Layout.alignment: Qt.AlignRight
        }

        Shotcut.Preset {
            Layout.columnSpan: 2
            parameters: ['0', '1', '3']
            onPresetSelected: setControls()
        }

        Label {
            text: qsTr('Strength')
            Layout.alignment: Qt.AlignRight
        }

        Shotcut.SliderSpinner {
            id: strengthSlider

            minimumValue: 0
            maximumValue: 100
            suffix: ' %'
            onValueChanged: filter.set('1', value / 100)
        }

        Shotcut.UndoButton {
            onClicked: strengthSlider.value = 100
        }

        Label {
            text: qsTr('Model')
            Layout.alignment: Qt.AlignRight
        }

        ComboBox {
            id: modelBox

            Layout.columnSpan: 2
            model: models
            onActivated: filter.set('0', models[index])
        }

        Label {
            text: qsTr('Resolution')
            Layout.alignment: Qt.AlignRight
        }

        ComboBox {
            id: resolutionBox

            Layout.columnSpan: 2
            model: resolutions
            onActivated: filter.set('3', resolutions[index])
        }

        Item {
            Layout.fillHeight: true
        }
    }
}
