"""A network that mssr-convert export-pytorch has written, for BasicSR: goes into basicsr/archs."""
import importlib.util
import pathlib

from basicsr.utils.registry import ARCH_REGISTRY


@ARCH_REGISTRY.register()
def MultiScaleNetwork(folder, from_weights=True):
    """The network of an exported folder.

    folder: the folder with model.py and weights.safetensors.
    from_weights: whether to start from these weights; otherwise BasicSR has to load some.
    """
    path = pathlib.Path(folder) / "model.py"
    spec = importlib.util.spec_from_file_location("multiscale_model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Network() if from_weights else module.Network(weights=None)
