# DEBLUR_SUITE is a directory with network.safetensors (random, with a visible correction), zero.safetensors (whose
# correction is zero), and what the network makes of the first frames: network.raw. libdeblur's tests/fate has them made.
DEBLUR_SOURCE = testsrc2=size=64x48:rate=10:duration=1,format=yuv420p

# Exact: where there is no correction, there is no change.
FATE_DEBLUR-$(call FILTERFRAMECRC, DEBLUR TESTSRC2 FORMAT, LAVFI_INDEV FILE_PROTOCOL) += \
    fate-filter-deblur-strength fate-filter-deblur-disabled fate-filter-deblur-zero
fate-filter-deblur-strength: CMD = framecrc -lavfi $(DEBLUR_SOURCE),deblur=weights=$(DEBLUR_SUITE)/network.safetensors:strength=0
fate-filter-deblur-disabled: CMD = framecrc -lavfi "$(DEBLUR_SOURCE),deblur=weights=$(DEBLUR_SUITE)/network.safetensors:enable=gt(t\,5)"
fate-filter-deblur-zero: CMD = framecrc -lavfi $(DEBLUR_SOURCE),deblur=weights=$(DEBLUR_SUITE)/zero.safetensors
fate-filter-deblur-strength fate-filter-deblur-disabled fate-filter-deblur-zero: REF = $(SRC_PATH)/tests/ref/fate/filter-deblur

# Floating point: within one code value, for sums differ with the CPU.
FATE_DEBLUR-$(call FILTERFRAMECRC, DEBLUR TESTSRC2 FORMAT TRIM, LAVFI_INDEV FILE_PROTOCOL RAWVIDEO_MUXER) += fate-filter-deblur-network
fate-filter-deblur-network: CMD = ffmpeg -lavfi $(DEBLUR_SOURCE),trim=end_frame=3,deblur=weights=$(DEBLUR_SUITE)/network.safetensors:device=cpu:precision=fp32 -f rawvideo -
fate-filter-deblur-network: REF = $(DEBLUR_SUITE)/network.raw
fate-filter-deblur-network: CMP = oneoff
fate-filter-deblur-network: CMP_UNIT = 1
fate-filter-deblur-network: FUZZ = 1

FATE_FFMPEG += $(if $(DEBLUR_SUITE), $(FATE_DEBLUR-yes))
fate-filter-deblur: $(FATE_DEBLUR-yes)
