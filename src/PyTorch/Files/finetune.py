"""Trains the network of model.py on images. Option names are BasicSR's where it has one.

    python3 finetune.py --dataroot_gt PICTURES --val_gt PICTURES
    torchrun --nproc_per_node=2 finetune.py --dataroot_gt PICTURES ...

A run writes into experiments/NAME: weights.safetensors (smoothed, for import-weights),
best.safetensors (by PSNR) and training_state.safetensors, from which --auto_resume goes on as if
nothing had happened.
"""
import argparse
import copy
import hashlib
import json
import math
import os
import pathlib
import random
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from PIL import Image
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset

import model as exported

STATE = "training_state.safetensors"
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}


def options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--name", default="finetune", help="the run's folder in experiments")
    add("--dataroot_gt", required=True, help="folder of true images")
    add("--dataroot_lq", help="the same images, small or damaged; made by bicubic if not given")
    add("--val_gt", help="folder of true images for PSNR")
    add("--val_lq", help="the same images, small or damaged")
    add("--preup", type=int, default=1, help="scale, for networks that sharpen enlargements")
    add("--noise", type=float, default=0.0, help="noise in grey levels, for networks that denoise")
    add("--img_range", type=float, default=exported.IMG_RANGE, help="the number for white")
    add("--gt_size", type=int, default=192, help="side of the true patches")
    add("--batch_size_per_gpu", type=int, default=16)
    add("--num_worker_per_gpu", type=int, default=2)
    add("--total_iter", type=int, default=100000)
    add("--warmup_iter", type=int, default=500)
    add("--lr", type=float, default=exported.LEARNING_RATE)
    add("--eta_min", type=float, default=1e-7, help="the learning rate at the end")
    add("--weight_decay", type=float, default=0.0)
    add("--clip_grad", type=float, default=1.0, help="largest norm of the gradient; 0 for any")
    add("--ema_decay", type=float, default=0.999)
    add("--val_freq", type=int, default=5000)
    add("--crop_border", type=int, help="border left out of PSNR; the scale if not given")
    add("--test_y_channel", action="store_true", help="PSNR of luma only (BT.601, 16 to 235)")
    add("--save_checkpoint_freq", type=int, default=1000)
    add("--print_freq", type=int, default=100)
    add("--manual_seed", type=int, default=0)
    add("--auto_resume", action="store_true", help="go on from where the run was last saved")
    add("--amp", action="store_true", help="mixed precision")
    add("--compile", action="store_true", help="torch.compile (torch 2 and newer)")
    add("--channels_last", action="store_true")
    return parser.parse_args()


# ---- images ----

def images(folder):
    """The images of a folder by name; NAME_LR and NAME_HR, NAMEx4 and NAME count as NAME."""
    found = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.suffix.lower() in PICTURES:
            stem = path.stem
            for ending in ("_HR", "_LR", "x2", "x3", "x4", "x8"):
                stem = stem[:-len(ending)] if stem.endswith(ending) and stem != ending else stem
            found[stem] = path
    if not found:
        raise SystemExit(f"{folder}: there are no images")
    return found


def pairs(gt, lq):
    """(true, small or None) paths, matched by name."""
    true = images(gt)
    if lq is None:
        return [(path, None) for path in true.values()]
    given = images(lq)
    missing = sorted(set(true) - set(given))
    if missing:
        raise SystemExit(f"{lq}: there is no partner for {', '.join(missing[:5])}")
    return [(path, given[name]) for name, path in true.items()]


def read(path):
    """A image in the channels of the network: colour, or the luma that Pillow makes."""
    return Image.open(path).convert("L" if exported.IN_CHANNELS == 1 else "RGB")


def tensor(image):
    """(C,H,W), 0 to 1."""
    data = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return data.reshape(image.height, image.width, -1).permute(2, 0, 1).float() / 255


def cropped(image, multiple):
    width, height = (side - side % multiple for side in image.size)
    return image.crop((0, 0, width, height))


class Degradation:
    """Makes what the network gets of a true image: bicubic (antialiased), then noise."""

    def __init__(self, opt, scale):
        self.shrink, self.enlarge, self.noise = scale * opt.preup, opt.preup, opt.noise
        if opt.dataroot_lq is None and self.shrink == 1 and self.noise == 0:
            raise SystemExit("the network doesn't enlarge: give --noise, --preup or --dataroot_lq")

    def __call__(self, true, rng):
        width, height = true.size
        small = true.resize((width // self.shrink, height // self.shrink), Image.BICUBIC)
        if self.enlarge > 1:
            size = small.width * self.enlarge, small.height * self.enlarge
            small = small.resize(size, Image.BICUBIC)
        x = tensor(small)
        if self.noise > 0:
            generator = torch.Generator().manual_seed(rng.getrandbits(32))
            x = x + torch.randn(x.shape, generator=generator) * (self.noise / 255)
        return x


class Patches(Dataset):
    """Patch k is the same in every run: a resumed run sees what the whole one would have seen."""

    def __init__(self, opt, scale):
        self.opt, self.scale = opt, scale
        self.degrade = Degradation(opt, scale)
        self.multiple = scale * opt.preup
        self.side = opt.gt_size - opt.gt_size % self.multiple
        files = pairs(opt.dataroot_gt, opt.dataroot_lq)
        self.files = [pair for pair in files if min(Image.open(pair[0]).size) >= self.side]
        if not self.files:
            raise SystemExit(f"{opt.dataroot_gt}: no image has --gt_size {self.side}")

    def __getitem__(self, k):
        epoch, at = divmod(k, len(self.files))
        order = list(range(len(self.files)))
        random.Random(f"{self.opt.manual_seed} {epoch}").shuffle(order)
        rng = random.Random(f"{self.opt.manual_seed} patch {k}")
        gt, lq = self.files[order[at]]
        true = read(gt)
        small = None if lq is None else read(lq)
        left, top = (rng.randrange(0, side - self.side + 1, self.multiple) for side in true.size)
        box = left, top, left + self.side, top + self.side
        y = tensor(true.crop(box))
        if small is None:
            x = self.degrade(true.crop(box), rng)
        else:
            x = tensor(small.crop([edge // self.scale for edge in box]))
        for dims in ([1], [2]):
            if rng.random() < 0.5:
                x, y = x.flip(dims), y.flip(dims)
        if rng.random() < 0.5:
            x, y = x.transpose(1, 2), y.transpose(1, 2)
        return x.contiguous(), y.contiguous()


class Batches:
    """The numbers of the patches that a rank takes, iteration by iteration."""

    def __init__(self, opt, start, rank, world):
        self.opt, self.start, self.rank, self.world = opt, start, rank, world

    def __len__(self):
        return self.opt.total_iter - self.start

    def __iter__(self):
        size = self.opt.batch_size_per_gpu
        for i in range(self.start, self.opt.total_iter):
            first = (i * self.world + self.rank) * size
            yield list(range(first, first + size))


# ---- measuring ----

def centre(x, like):
    """Cuts to the size of another: networks without padding give less than they get."""
    top, left = ((a - b) // 2 for a, b in zip(x.shape[-2:], like.shape[-2:]))
    return x[..., top:top + like.shape[-2], left:left + like.shape[-1]]


def luma(x):
    """BT.601 from 16 to 235, as in the literature; (N,3,H,W) of 0 to 255."""
    if x.shape[1] == 1:
        return x
    r, g, b = x[:, 0:1], x[:, 1:2], x[:, 2:3]
    return 16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255


def psnr(x, y, border, only_luma):
    """PSNR of images of 0 to 1, rounded to 8 bits first."""
    x, y = (v.clamp(0, 1).mul(255).round() for v in (x, y))
    if border > 0:
        x, y = (v[..., border:-border, border:-border] for v in (x, y))
    if only_luma:
        x, y = luma(x), luma(y)
    error = (x.double() - y.double()).pow(2).mean().item()
    return float("inf") if error == 0 else 10 * math.log10(255 ** 2 / error)


@torch.no_grad()
def validate(network, opt, scale, device):
    """Mean PSNR over the validation folder."""
    network.eval()
    degrade = Degradation(opt, scale) if opt.val_lq is None else None
    results = []
    for number, (gt, lq) in enumerate(pairs(opt.val_gt, opt.val_lq)):
        true = cropped(read(gt), scale * opt.preup)
        x = tensor(read(lq)) if lq else degrade(true, random.Random(f"validation {number}"))
        y = tensor(true)[None].to(device)
        result = network(x[None].to(device) * opt.img_range) / opt.img_range
        border = scale if opt.crop_border is None else opt.crop_border
        results.append(psnr(result, centre(y, result), border, opt.test_y_channel))
    network.train()
    return sum(results) / len(results)


def find_scale(network):
    """How much the network enlarges, found by trying."""
    with torch.no_grad():
        small, large = (network(torch.zeros(1, exported.IN_CHANNELS, n, n)) for n in (96, 192))
    return round((large.shape[-1] - small.shape[-1]) / 96)


def check_engine(network, device):
    """Stops where PyTorch computes other numbers than ONNX Runtime, which gave the reference."""
    path = pathlib.Path(exported.__file__).with_name("reference.safetensors")
    if not path.exists():
        return
    stored = exported.read_safetensors(str(path))
    network.eval()
    with torch.no_grad():
        result = network(stored["input"].to(device)).float().cpu()
    network.train()
    expected = stored["output"]
    error = ((result - expected).abs().max() / (expected.max() - expected.min())).item()
    # GPUs convolve with ten bits of mantissa.
    if not error <= (5e-2 if device.type == "cuda" else 5e-3):
        raise SystemExit(
            f"PyTorch {torch.__version__} ({device}) computes other numbers than ONNX Runtime: "
            f"the network's output is off by {error:.3g} of its range. Nothing was trained. "
            "Try another PyTorch, or the environment variable ONEDNN_MAX_CPU_ISA=SSE41.")


# ---- training ----

class Run:
    """Everything that a checkpoint holds."""

    def __init__(self, opt, device):
        self.opt, self.device, self.iteration, self.best = opt, device, 0, -math.inf
        self.folder = pathlib.Path("experiments") / opt.name
        self.network = exported.Network()
        self.scale = find_scale(self.network)
        layout = torch.channels_last if opt.channels_last else torch.contiguous_format
        self.network = self.network.to(device, memory_format=layout)
        check_engine(self.network, device)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=opt.lr, weight_decay=opt.weight_decay)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self.rate)
        # Half precision needs its gradients scaled; bfloat16 doesn't.
        wide = device.type == "cpu" or torch.cuda.is_bf16_supported()
        self.half = torch.bfloat16 if wide else torch.float16
        scaler = getattr(torch.amp, "GradScaler", torch.cuda.amp.GradScaler)
        self.scaler = scaler(enabled=opt.amp and self.half == torch.float16)

    def rate(self, iteration):
        """The learning rate as a share of --lr: linear warm-up, then half a cosine."""
        opt = self.opt
        if iteration < opt.warmup_iter:
            return (iteration + 1) / opt.warmup_iter
        done = (iteration - opt.warmup_iter) / max(1, opt.total_iter - opt.warmup_iter)
        least = opt.eta_min / opt.lr
        return least + (1 - least) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    def smooth(self):
        with torch.no_grad():
            for slow, fast in zip(self.ema.parameters(), self.network.parameters()):
                slow.lerp_(fast, 1 - self.opt.ema_decay)

    def save_weights(self, name):
        self.folder.mkdir(parents=True, exist_ok=True)
        exported.write_safetensors(dict(self.ema.state_dict()), str(self.folder / name))

    def save(self):
        self.save_weights("weights.safetensors")
        optimizer, schedule = self.optimizer.state_dict(), self.schedule.state_dict()
        # The schedule's function isn't state.
        schedule.pop("lr_lambdas", None)
        facts = {
            "iter": self.iteration, "best": self.best, "groups": optimizer["param_groups"],
            "schedule": schedule, "scaler": self.scaler.state_dict(),
        }
        tensors = {"facts": torch.tensor(list(json.dumps(facts).encode()), dtype=torch.uint8)}
        for part, values in (("params", self.network.state_dict()), ("ema", self.ema.state_dict())):
            tensors.update({f"{part}/{name}": value for name, value in values.items()})
        for number, values in optimizer["state"].items():
            tensors.update({f"optimizer/{number}/{k}": torch.as_tensor(v) for k, v in values.items()})
        exported.write_safetensors(tensors, str(self.folder / STATE))

    def resume(self):
        """Takes on a saved state. It is numbers and JSON: reading it never runs code, as pickles do."""
        path = self.folder / STATE
        old = self.folder / "training_state.pth"
        if old.exists() and not path.exists():
            raise SystemExit(f"{old} is of an earlier finetune.py and isn't read, since pickles can run code: "
                             "begin anew with another --name.")
        if not path.exists():
            return
        try:
            self.take_on(exported.read_safetensors(str(path)))
        except (ValueError, KeyError, TypeError, AttributeError, RuntimeError, MemoryError) as error:
            raise SystemExit(f"{path} is damaged or of another network ({error}): "
                             "begin anew with another --name.") from error

    def take_on(self, stored):
        facts = json.loads(bytes(stored["facts"].tolist()))
        if facts["iter"] < 0:
            raise ValueError(f"it is of iteration {facts['iter']}")

        def part(name):
            return {k[len(name) + 1:]: v for k, v in stored.items() if k.startswith(name + "/")}

        state = {}
        for key, value in part("optimizer").items():
            number, entry = key.split("/", 1)
            state.setdefault(int(number), {})[entry] = value
        self.network.load_state_dict(part("params"))
        self.ema.load_state_dict(part("ema"))
        self.optimizer.load_state_dict({"state": state, "param_groups": facts["groups"]})
        self.schedule.load_state_dict({**facts["schedule"], "lr_lambdas": [None]})
        self.scaler.load_state_dict(facts["scaler"])
        self.iteration, self.best = facts["iter"], facts["best"]

    def fingerprint(self):
        """Tells at a glance whether two ranks, or two runs, hold the same weights."""
        digest = hashlib.sha256()
        for value in self.network.parameters():
            flat = value.detach().float().cpu().contiguous().flatten()
            digest.update(bytes(flat.view(torch.uint8).tolist()))
        return digest.hexdigest()[:16]


def step(run, forward, x, y):
    """One iteration; gives the loss."""
    opt = run.opt
    with torch.autocast(run.device.type, dtype=run.half, enabled=opt.amp):
        result = forward(x * opt.img_range)
    result = result.float() / opt.img_range
    loss = F.l1_loss(result, centre(y, result))
    run.optimizer.zero_grad(set_to_none=True)
    run.scaler.scale(loss).backward()
    if opt.clip_grad > 0:
        run.scaler.unscale_(run.optimizer)
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), opt.clip_grad)
    run.scaler.step(run.optimizer)
    run.scaler.update()
    run.schedule.step()
    run.smooth()
    run.iteration += 1
    return loss.item()


def log(rank, **entries):
    if rank == 0:
        print(json.dumps(entries), flush=True)


def check(run, rank):
    """PSNR of the smoothed weights; the best ones are kept."""
    value = validate(run.ema, run.opt, run.scale, run.device)
    log(rank, iter=run.iteration, psnr=round(value, 4))
    if value > run.best:
        run.best = value
        run.save_weights("best.safetensors")


def train(opt, rank, world, device):
    torch.manual_seed(opt.manual_seed)
    run = Run(opt, device)
    if opt.auto_resume:
        run.resume()
    forward = torch.compile(run.network) if opt.compile else run.network
    if world > 1:
        devices = [device] if device.type == "cuda" else None
        forward = DistributedDataParallel(forward, device_ids=devices)
    loader = DataLoader(
        Patches(opt, run.scale), batch_sampler=Batches(opt, run.iteration, rank, world),
        num_workers=opt.num_worker_per_gpu, pin_memory=device.type == "cuda")
    parameters = sum(p.numel() for p in run.network.parameters())
    log(rank, start=run.iteration, scale=run.scale, parameters=parameters,
        images=len(loader.dataset.files), world=world, device=str(device))
    if rank == 0 and opt.val_gt and run.iteration == 0:
        check(run, rank)
    since = time.time()
    for x, y in loader:
        loss = step(run, forward, *(v.to(device, non_blocking=True) for v in (x, y)))
        last = run.iteration == opt.total_iter
        if last or run.iteration % opt.print_freq == 0:
            log(rank, iter=run.iteration, loss=round(loss, 6), lr=run.schedule.get_last_lr()[0],
                seconds=round(time.time() - since, 1))
        if rank == 0 and opt.val_gt and (last or run.iteration % opt.val_freq == 0):
            check(run, rank)
        if rank == 0 and (last or run.iteration % opt.save_checkpoint_freq == 0):
            run.save()
    print(f"rank {rank}: iteration {run.iteration}, weights {run.fingerprint()}", flush=True)


def main():
    opt = options()
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        train(opt, rank, world, device)
    finally:
        if world > 1:
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
