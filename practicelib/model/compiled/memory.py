"""Asks the processor for memory before it is read, so that it need not be waited for."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic
def prefetch(typing_context, array, index):  # type: ignore[no-untyped-def]
    """Fetch the line of the cache that holds an element; does nothing else."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        view = cgutils.create_struct_proxy(array)(context, builder, arguments[0])
        place = builder.gep(view.data, [arguments[1]])
        byte, number = ir.PointerType(ir.IntType(8)), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        # For reading, wanted in all levels of the cache, data.
        settings = [ir.Constant(number, n) for n in (0, 3, 1)]
        builder.call(fetch, [builder.bitcast(place, byte), *settings])
        return context.get_dummy_value()

    return types.void(array, index), generate
