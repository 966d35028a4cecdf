"""The neural networks, run by OpenVINO in this process."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import openvino as ov  # type: ignore[import-untyped]  # it ships without types
from numpy.typing import NDArray
from openvino.preprocess import ColorFormat, PrePostProcessor  # type: ignore[import-untyped]  # as above

from ocrportal.errors.engine import EngineError, EngineUnavailable

Pixels = NDArray[np.uint8]
"""An image: height x width x 3, channels red, green, blue."""


class Network:
    """One network, compiled once, whose input is a batch of images.

    Scaling of pixel values and the order of axes are part of the compiled graph, where
    they take a fraction of the time that numpy needs.
    """

    def __init__(
        self,
        package: str,
        file: str,
        *,
        mean: Sequence[float],
        scale: Sequence[float],
        threads: int,
    ) -> None:
        """Load ``file`` of an installed ``package``.

        ``mean`` and ``scale`` are per channel, in pixel values: the network sees
        ``(pixel - mean) / scale``. Raises EngineUnavailable if the file cannot be loaded.
        """
        try:
            core = ov.Core()
            model = core.read_model(_inside(package, file))
            steps = PrePostProcessor(model)
            tensor = steps.input().tensor().set_element_type(ov.Type.u8)
            tensor.set_layout(ov.Layout("NHWC")).set_color_format(ColorFormat.RGB)
            steps.input().model().set_layout(ov.Layout("NCHW"))
            prepare = steps.input().preprocess().convert_element_type(ov.Type.f32)
            # The networks were trained on OpenCV's images, which are blue-green-red.
            prepare.convert_color(ColorFormat.BGR).mean(list(mean)).scale(list(scale))
            self._model = steps.build()
            compiled = core.compile_model(
                self._model,
                "CPU",
                {
                    "INFERENCE_NUM_THREADS": threads,
                    "NUM_STREAMS": 1,
                    # Pinned, two worker processes would share one core.
                    "ENABLE_CPU_PINNING": False,
                },
            )
            self._request = compiled.create_infer_request()
        except (RuntimeError, OSError) as exc:
            raise EngineUnavailable() from exc

    def __call__(self, batch: Pixels) -> NDArray[np.float32]:
        """The output for a batch (n x height x width x 3); it is valid until the next call.

        Raises EngineError if the network fails.
        """
        try:
            self._request.infer([batch], share_inputs=True)
        except RuntimeError as exc:
            raise EngineError() from exc
        output: NDArray[np.float32] = self._request.get_output_tensor().data
        return output

    def metadata(self, key: str) -> str:
        """A text stored in the network's file, such as its alphabet."""
        text: str = self._model.get_rt_info(["framework", key]).value
        return text


def _inside(package: str, file: str) -> Path:
    """The path of a package's file, found without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise OSError(f"package {package} is not installed")
    return Path(spec.origin).parent / file
