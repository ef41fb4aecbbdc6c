"""Logits at which a result lies almost halfway between two floats, so that it is hard to round.

Found by search: every float16; 6 million float32 and as many float64, half of them up to 20, half up to where the
result vanishes. At each, the exact value is nearer than 2^-12 units in the last place (float32: 2^-20, float64:
2^-19) to the middle between two floats; a test measures it. Other functions inherit theirs: softmax of (z, 0) is
the sigmoid of z, and so on. Of functions of a target, they are those of target 0.
"""

from __future__ import annotations

#: For each function and type, the logits.
NEAR_TIES: dict[str, dict[str, list[float]]] = {
    "sigmoid": {
        "float16": [0.0048828125, -0.00439453125, -0.00537109375, 0.0068359375, -0.1639404296875, -0.00634765625],
        "float32": [
            1.694751501083374,
            -89.24579620361328,
            -12.802957534790039,
            11.092294692993164,
            -44.57970428466797,
            -1.0439655780792236,
        ],
        "float64": [
            -180.3705570445328,
            -664.428802689016,
            -321.625921361055,
            -5.818173397877517,
            7.43255970407273,
            -289.5627872199305,
        ],
    },
    "softplus": {
        "float16": [5.13671875, 0.1829833984375, 3.015625, -0.6962890625, -15.3828125, 0.029022216796875],
        "float32": [
            -89.45233154296875,
            3.7050058841705322,
            -89.24579620361328,
            7.38297176361084,
            -12.253167152404785,
            -3.9306817054748535,
        ],
        "float64": [
            -500.3875594734754,
            -17.972776203951426,
            9.83742692550662,
            -726.4666557341725,
            -15.581520591686546,
            -1.593866102462549,
        ],
    },
    "sigmoid_bce.hess": {
        "float16": [-1.69921875, -0.11279296875, -0.9306640625, -0.69140625, -0.03125, -0.05413818359375],
        "float32": [
            91.81156158447266,
            -14.079792022705078,
            -27.62063980102539,
            -7.85212516784668,
            11.250240325927734,
            44.57970428466797,
        ],
        "float64": [
            -707.6632401447573,
            665.8084319470414,
            -12.306635784999314,
            593.3333284687868,
            -4.481409785987228,
            18.58505617435646,
        ],
    },
    "sigmoid_mse.loss": {
        "float16": [-5.98828125, -0.0258026123046875, -2.8671875, -0.1385498046875],
        "float32": [6.814310550689697, 4.231080532073975, 5.468949794769287, 3.687282085418701],
        "float64": [-13.995715488011093, -219.14053035316115, -44.07558662423173, -13.319032945469523],
    },
    "sigmoid_mse.grad": {
        "float16": [1.943359375, -2.138671875, -0.184814453125, -0.007297515869140625],
        "float32": [-25.81536102294922, 63.33676528930664, -23.446205139160156, 4.219356536865234],
        "float64": [625.4824202965015, -10.369418092463484, 1.695433512784735, 437.02773433673406],
    },
    "sigmoid_mse.hess": {
        "float16": [-0.416015625, 0.58251953125, -0.179931640625, 3.892578125],
        "float32": [-18.649343490600586, 0.8851267695426941, -5.094470977783203, 12.789712905883789],
        "float64": [613.5740958151849, 11.77718685818089, -7.181143368515542, -5.013759274296978],
    },
}

#: Whose logits a function inherits: at (z, 0), at target 0, at a second class.
HEIRS = {
    "log_sigmoid": "softplus",
    "logsumexp": "softplus",
    "softmax": "sigmoid",
    "log_softmax": "softplus",
    "sigmoid_bce.loss": "softplus",
    "sigmoid_bce.grad": "sigmoid",
    "softmax_ce.loss": "softplus",
    "softmax_ce.grad": "sigmoid",
    "softmax_ce.hvp": "sigmoid_bce.hess",
}
