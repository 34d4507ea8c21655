import ctypes
import json
import os
import sys
from typing import Any, Dict

import torch
from torch import Tensor

