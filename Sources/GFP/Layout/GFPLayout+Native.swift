extension GFPLayout {
    /// A mask in the flags of kernels since 4.4, in this kernel's own flags: the reverse of ``modernized(_:)``. Flags
    /// that this kernel lacks are omitted.
    public func native(_ modern: GFPFlags) -> GFPFlags {
        var flags = modern
        if !self.flags.contains(.retryMayFail), self.flags.contains(.repeat), flags.remove(.retryMayFail) != nil {
            flags.insert(.repeat)
        }
        if self.flags.contains(.wait) {
            if flags.remove(.directReclaim) != nil { flags.insert(.wait) }
            if flags.remove(.kswapdReclaim) == nil { flags.insert(.noKswapd) }
        }
        return flags.intersection(self.flags.union(zeroFlags))
    }
}
